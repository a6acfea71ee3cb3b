package org.emrexhub.repository;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The files of this repository, as an editor sees them. */
final class Repository {

    static final Path ROOT = Path.of("").toAbsolutePath();

    private static final Set<String> NOT_OURS = Set.of(".git", ".idea", ".vscode", "target", "data");
    private static final YAMLMapper YAML = new YAMLMapper();

    private Repository() {}

    /** All files, without what a build or a run leaves. */
    static List<Path> files() {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    boolean top = ROOT.equals(folder.getParent());
                    return top && NOT_OURS.contains(folder.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (!NOT_OURS.contains(file.getFileName().toString())) {
                        files.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.sort(null);
        return files;
    }

    /** The files below a folder whose names end so. */
    static List<Path> files(String folder, String suffix) {
        return files().stream()
                .filter(file -> file.startsWith(ROOT.resolve(folder)))
                .filter(file -> file.toString().endsWith(suffix))
                .toList();
    }

    /** The folders right below a folder. */
    static List<Path> folders(String folder) {
        try (Stream<Path> folders = Files.list(ROOT.resolve(folder))) {
            return folders.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String file) {
        return text(ROOT.resolve(file));
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(shown(file), e);
        }
    }

    static JsonNode yaml(Path file) {
        try {
            return YAML.readTree(text(file));
        } catch (IOException e) {
            throw new UncheckedIOException(shown(file), e);
        }
    }

    /** A file's path from the root, as a fault names it. */
    static String shown(Path file) {
        return ROOT.relativize(file).toString().replace('\\', '/');
    }
}
