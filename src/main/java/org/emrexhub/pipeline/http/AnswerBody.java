package org.emrexhub.pipeline.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/** The body of an answer, read to its end within a limit that holds before and after unpacking. */
final class AnswerBody {

    private static final int CHUNK = 16 * 1024;

    private AnswerBody() {}

    static byte[] read(@Nullable HttpEntity entity, @Nullable String contentEncoding, int limit) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        if (entity.getContentLength() > limit) {
            throw tooLarge();
        }
        // Closed with the connection: to close the stream of a chunked body is to read it to its end, however far that
        // is.
        InputStream content = entity.getContent();
        byte[] raw = content == null ? new byte[0] : readAll(content, limit);
        return switch (contentEncoding == null ? "" : contentEncoding.trim().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> raw;
            case "gzip", "x-gzip" -> unpack(raw, limit);
            default -> throw new NoAnswer(Outcome.UNREADABLE, "the answer is packed in an unknown way");
        };
    }

    private static byte[] unpack(byte[] raw, int limit) throws NoAnswer {
        try (InputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(raw))) {
            return readAll(unpacked, limit);
        } catch (NoAnswer e) {
            throw e;
        } catch (IOException e) {
            throw new NoAnswer(Outcome.UNREADABLE, "the answer can't be unpacked");
        }
    }

    private static byte[] readAll(InputStream content, int limit) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
            if (bytes.size() + read > limit) {
                throw tooLarge();
            }
            bytes.write(chunk, 0, read);
        }
        return bytes.toByteArray();
    }

    private static NoAnswer tooLarge() {
        return new NoAnswer(Outcome.UNREADABLE, "the answer is longer than the limit");
    }
}
