package org.emrexhub.mapping;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The files of a mapping folder and of {@code mappings/elmo}, and the hash of their content. Samples, read-me files and
 * routes do not change what is mapped, so they do not count.
 *
 * @param stamp names, sizes and times: cheap to compare, and the hash is only asked for when it differs
 * @param files in a stable order
 */
record FolderVersion(String stamp, List<Path> files) {

    private static final int HEX_DIGITS = 12;

    static FolderVersion of(Path folder, Path shared) {
        List<Path> files = new ArrayList<>();
        StringBuilder stamp = new StringBuilder();
        for (Path root : folder.equals(shared) ? List.of(folder) : List.of(folder, shared)) {
            if (Files.isDirectory(root)) {
                collect(root, files, stamp);
            }
        }
        return new FolderVersion(stamp.toString(), List.copyOf(files));
    }

    /** The content hash, short hex. */
    String hash() {
        MessageDigest digest = sha256();
        for (Path file : files) {
            try {
                // Name and length frame each file, so that moving text between two files changes the hash.
                byte[] bytes = Files.readAllBytes(file);
                digest.update((file.getFileName() + ":" + bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException("A mapping file can't be read: " + file, e);
            }
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, HEX_DIGITS);
    }

    private static void collect(Path root, List<Path> files, StringBuilder stamp) {
        Map<Path, BasicFileAttributes> found = new TreeMap<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return name(directory).equals("samples") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    String name = name(file);
                    if (!name.startsWith(".") && !name.endsWith(".md") && !name.endsWith(".yaml")) {
                        found.put(
                                file,
                                attributes.isSymbolicLink()
                                        ? Files.readAttributes(file, BasicFileAttributes.class)
                                        : attributes);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("The mapping folder can't be read: " + root, e);
        }
        files.addAll(found.keySet());
        found.forEach((file, attributes) -> stamp.append(file)
                .append('|')
                .append(attributes.size())
                .append('|')
                .append(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS))
                .append('\n'));
    }

    private static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
