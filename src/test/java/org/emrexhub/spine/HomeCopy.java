package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** A home of routes and mappings that a test may edit while the hub runs. */
record HomeCopy(Path path) {

    static HomeCopy in(Path folder) throws IOException {
        HomeCopy home = new HomeCopy(folder);
        home.add(Path.of("routes"), folder.resolve("routes"));
        home.add(Path.of("mappings"), folder.resolve("mappings"));
        return home;
    }

    /** Copies a folder with all that is in it. */
    void add(Path from, Path to) throws IOException {
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

    /** Takes out every register but these, as an installation does that has no use for the others. */
    HomeCopy withRegisters(String... kept) throws IOException {
        for (String area : List.of("routes", "mappings")) {
            try (Stream<Path> folders = Files.list(path.resolve(area).resolve("registers"))) {
                for (Path folder : folders.toList()) {
                    if (!List.of(kept).contains(folder.getFileName().toString())) {
                        FileSystemUtils.deleteRecursively(folder);
                    }
                }
            }
        }
        return this;
    }

    /** Replaces a text of a file, and gives the file as it was. */
    String edit(String file, String from, String to) throws IOException {
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
