package org.emrexhub.pipeline;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/**
 * A document that is handed over as a file: its name, its checksum, and whether it is there. Writing and moving files is
 * the routes' work.
 *
 * <p>A file is named by its transfer and by nothing else: what is not a UUID never becomes part of a path.
 */
@Component("droppedFiles")
class DroppedFiles {

    private static final String ANSWER_SUFFIX = ".ack.json";

    /** Some 200 bytes for each of the 10,000 credits that one file may answer for. */
    private static final int MAX_ANSWER = 2 * 1024 * 1024;

    /** No document of the hub is as long: what is, stands there in its place. */
    private static final long MAX_DOCUMENT = 256L * 1024 * 1024;

    private static final int SHA256_DIGITS = 64;

    /** Sets the variables {@code document} (the body's bytes) and {@code checksumLine} (as sha256sum writes it). */
    public void prepare(Exchange exchange) {
        String name = name(exchange);
        byte[] document = exchange.getMessage().getBody(byte[].class);
        exchange.setVariable("document", document);
        exchange.setVariable(
                "checksumLine", (sha256(document) + "  " + name + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Whether the document of the variable {@code transferId} lies in the inbox of the variable {@code folder} with the
     * right checksum, or has an answer, which the receiving system only gives to what it has.
     *
     * @throws IOException if the folder can't be read: then nothing is known
     */
    public boolean isThere(Exchange exchange) throws IOException {
        String name = name(exchange);
        Path folder = Path.of(exchange.getVariable("folder", String.class));
        Path inbox = folder.resolve("inbox");
        if (!Files.isDirectory(inbox)) {
            throw new NoSuchFileException("the inbox is missing");
        }
        String answer = transferId(exchange) + ANSWER_SUFFIX;
        for (String place : new String[] {"", "inbox", "done"}) {
            if (Files.exists(folder.resolve(place).resolve(answer))) {
                return true;
            }
        }
        Path document = inbox.resolve(name);
        return Files.isRegularFile(document, LinkOption.NOFOLLOW_LINKS)
                && Files.size(document) <= MAX_DOCUMENT
                && sha256(document).equals(expected(exchange, inbox, name));
    }

    /**
     * Whether the answers' route takes a file: a link could lead anywhere, a pipe would never end, and an empty file is
     * one that is still to be written.
     */
    public boolean isAnswer(Path file) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() && attributes.size() > 0;
        } catch (IOException gone) {
            return false;
        }
    }

    /** Sets the variable {@code transferId} to the transfer that the answer file of this exchange is named after. */
    public void answered(Exchange exchange) {
        String name = exchange.getMessage().getHeader(Exchange.FILE_NAME_ONLY, String.class);
        if (name == null || !name.endsWith(ANSWER_SUFFIX)) {
            throw new IllegalArgumentException("The answer is not named after a transfer");
        }
        exchange.setVariable(
                "transferId",
                transferId(name.substring(0, name.length() - ANSWER_SUFFIX.length()))
                        .toString());
    }

    /**
     * The bytes of the answer file that is this exchange's body. Looked at once more as a link: the folder is another
     * system's too.
     */
    public byte[] answer(Exchange exchange) throws IOException {
        Path file = exchange.getMessage().getBody(File.class).toPath();
        try (InputStream bytes = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] answer = bytes.readNBytes(MAX_ANSWER + 1);
            if (answer.length > MAX_ANSWER) {
                throw new IllegalArgumentException("The answer is longer than the limit");
            }
            return answer;
        }
    }

    private static String expected(Exchange exchange, Path inbox, String name) throws IOException {
        String sent = exchange.getVariable("payloadSha256", String.class);
        if (sent != null) {
            return sent;
        }
        Path checksum = inbox.resolve(name + ".sha256");
        if (!Files.isRegularFile(checksum, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        try (InputStream line = Files.newInputStream(checksum)) {
            return new String(line.readNBytes(SHA256_DIGITS), StandardCharsets.US_ASCII);
        }
    }

    private static String name(Exchange exchange) {
        return transferId(exchange) + ".xml";
    }

    private static UUID transferId(Exchange exchange) {
        return transferId(String.valueOf(exchange.getVariable("transferId")));
    }

    private static UUID read(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException noUuid) {
            // Its message quotes the name, which may be anybody's text.
            throw new IllegalArgumentException("A transfer id is a UUID");
        }
    }

    private static UUID transferId(String id) {
        // UUID reads shortened groups as well; only the canonical form is a name of ours.
        UUID uuid = read(id);
        if (!uuid.toString().equals(id)) {
            throw new IllegalArgumentException("A transfer id is a UUID in lower case");
        }
        return uuid;
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /** Piece by piece: what stands under our name by now may be longer than memory has room for. */
    private static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), digest)) {
            bytes.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
