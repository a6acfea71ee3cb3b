package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A home of routes and mappings that a test may edit while the hub runs. */
public record HomeCopy(Path path) {

    /** A copy of the project's own home. */
    public static HomeCopy in(Path folder) throws IOException {
        HomeCopy home = new HomeCopy(folder);
        home.add(Path.of("routes"), folder.resolve("routes"));
        home.add(Path.of("mappings"), folder.resolve("mappings"));
        return home;
    }

    /** Copies a folder with all that is in it. */
    public void add(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            files.forEach(file -> {
                try {
                    Path target = to.resolve(from.relativize(file).toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(file, target);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** Replaces a text of a file, and gives the file as it was. */
    public String edit(String file, String from, String to) throws IOException {
        Path edited = path.resolve(file);
        String before = Files.readString(edited);
        assertThat(before).contains(from);
        Files.writeString(edited, before.replace(from, to));
        return before;
    }

    void restore(String file, String content) throws IOException {
        Files.writeString(path.resolve(file), content);
    }
}
