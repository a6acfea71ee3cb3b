package org.emrexhub.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
        return Files.isRegularFile(document)
                && sha256(Files.readAllBytes(document)).equals(expected(exchange, inbox, name));
    }

    /** Sets the variable {@code transferId} to the transfer that the answer file of this exchange is named after. */
    public void answered(Exchange exchange) {
        String name = exchange.getMessage().getHeader(Exchange.FILE_NAME_ONLY, String.class);
        if (name == null || !name.endsWith(ANSWER_SUFFIX)) {
            throw new IllegalArgumentException("The answer is not named after a transfer");
        }
        exchange.setVariable("transferId", name.substring(0, name.length() - ANSWER_SUFFIX.length()));
        exchange.setVariable("transferId", transferId(exchange).toString());
    }

    private static String expected(Exchange exchange, Path inbox, String name) throws IOException {
        String sent = exchange.getVariable("payloadSha256", String.class);
        if (sent != null) {
            return sent;
        }
        Path checksum = inbox.resolve(name + ".sha256");
        return Files.isRegularFile(checksum)
                ? Files.readString(checksum, StandardCharsets.US_ASCII).split(" ", 2)[0]
                : "";
    }

    private static String name(Exchange exchange) {
        return transferId(exchange) + ".xml";
    }

    private static UUID transferId(Exchange exchange) {
        String id = String.valueOf(exchange.getVariable("transferId"));
        // UUID reads shortened groups as well; only the canonical form is a name of ours.
        UUID uuid = UUID.fromString(id);
        if (!uuid.toString().equals(id)) {
            throw new IllegalArgumentException("A transfer id is a UUID in lower case");
        }
        return uuid;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
