package org.emrexhub.speed;

import java.io.IOException;
import java.nio.file.Path;
import org.emrexhub.spine.HomeCopy;

/** The project's home with the bench register and archive beside the real ones. */
final class BenchHome {

    private BenchHome() {}

    static Path in(Path folder) throws IOException {
        HomeCopy home = HomeCopy.in(folder);
        home.add(Path.of("src/test/resources/speed"), folder);
        return home.path();
    }
}
