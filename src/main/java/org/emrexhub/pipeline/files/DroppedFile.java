package org.emrexhub.pipeline.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file that its owner has finished writing.
 *
 * @param path where it lies
 * @param bytes all of it
 * @param expected its SHA-256 in hexadecimal, as its side file says, if it has one
 */
record DroppedFile(Path path, byte[] bytes, Optional<String> expected) {

    /** Far above any institution's credits of a day, far below the hub's memory. */
    private static final long LIMIT = 64L * 1024 * 1024;

    private static final int SHOWN = 12;

    static DroppedFile read(Path path) throws IOException {
        if (Files.size(path) > LIMIT) {
            throw new FileSystemException("the file is longer than 64 MB");
        }
        Path side = path.resolveSibling(path.getFileName() + ".sha256");
        // As sha256sum writes it: the sum, two blanks, the name.
        Optional<String> expected = Files.isRegularFile(side)
                ? Optional.of(Files.readString(side, StandardCharsets.ISO_8859_1)
                        .strip()
                        .split("\\s", 2)[0])
                : Optional.empty();
        return new DroppedFile(path, Files.readAllBytes(path), expected);
    }

    String name() {
        return String.valueOf(path.getFileName());
    }

    boolean fitsChecksum() {
        return expected.isEmpty() || expected.get().equalsIgnoreCase(sha256());
    }

    /** Tells the file to its owner without its name, which may be a learner's number. */
    String reference() {
        return " (file with SHA-256 " + sha256().substring(0, SHOWN) + "…, see its .errors.csv)";
    }

    /** The same where its {@code .errors.csv} says nothing of what is meant. */
    String sum() {
        return " (file with SHA-256 " + sha256().substring(0, SHOWN) + "…)";
    }

    private String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
