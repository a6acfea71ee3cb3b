package org.emrexhub.spine;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/**
 * The marks that a learner's data bears, found again in whatever form they might be written: in upper or lower case, as
 * UTF-8 or UTF-16, Base64, percent encoding, hexadecimal, escapes of JSON and XML, packed, or as a plain hash.
 */
final class Marks {

    private static final int UNPACKED = 4 * 1024 * 1024;

    /** What to look for, as bytes in lower case, by what it is. */
    private final Map<String, byte[]> loose = new LinkedHashMap<>();

    /** What to look for as it is. */
    private final Map<String, byte[]> exact = new LinkedHashMap<>();

    Marks(String... marks) {
        for (String mark : marks) {
            byte[] bytes = mark.getBytes(StandardCharsets.UTF_8);
            for (String text : new String[] {mark, mark.toLowerCase(Locale.ROOT), mark.toUpperCase(Locale.ROOT)}) {
                byte[] form = text.getBytes(StandardCharsets.UTF_8);
                loose.put(mark, lower(form));
                loose.put(mark + ", UTF-16", lower(text.getBytes(StandardCharsets.UTF_16LE)));
                loose.put(text + ", hexadecimal", lower(ascii(HexFormat.of().formatHex(form))));
                loose.put(text + ", percent encoding", lower(ascii(each(form, "%%%02x"))));
                loose.put(text + ", JSON", lower(ascii(each(form, "\\u%04x"))));
                loose.put(text + ", XML", lower(ascii(each(form, "&#x%x;"))));
                loose.put(text + ", XML decimal", lower(ascii(each(form, "&#%d;"))));
                for (int shift = 0; shift < 3; shift++) {
                    exact.put(text + ", Base64 +" + shift, base64(form, shift));
                }
            }
            loose.put(mark + ", percent encoded where needed", lower(ascii(escaped(mark))));
            loose.put(mark + ", hash", lower(ascii(HexFormat.of().formatHex(sha256(bytes)))));
            String hash = Base64.getEncoder().withoutPadding().encodeToString(sha256(bytes));
            exact.put(mark + ", hash in Base64", ascii(hash));
            exact.put(
                    mark + ", hash in Base64 for URLs",
                    ascii(hash.replace('+', '-').replace('/', '_')));
        }
    }

    /** The first mark that is in there, if any. */
    Optional<String> in(String text) {
        return in(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The first mark that is in there, if any; looks into what is packed too. */
    Optional<String> in(byte[] content) {
        Optional<String> found = plainly(content);
        for (int at = 0; found.isEmpty() && at + 2 < content.length; at++) {
            if (content[at] == 0x1f && content[at + 1] == (byte) 0x8b && content[at + 2] == 8) {
                found = plainly(unpacked(content, at, true));
            } else if (content[at] == 0x78 && (content[at + 1] == (byte) 0x9c || content[at + 1] == (byte) 0xda)) {
                found = plainly(unpacked(content, at, false));
            }
        }
        return found;
    }

    private Optional<String> plainly(byte[] content) {
        byte[] lower = lower(content);
        return loose.entrySet().stream()
                .filter(form -> contains(lower, form.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .or(() -> exact.entrySet().stream()
                        .filter(form -> contains(content, form.getValue()))
                        .map(Map.Entry::getKey)
                        .findFirst());
    }

    private static byte[] unpacked(byte[] content, int at, boolean gzip) {
        InputStream rest = new ByteArrayInputStream(content, at, content.length - at);
        byte[] out = new byte[UNPACKED];
        int length = 0;
        try (InputStream in = gzip ? new GZIPInputStream(rest) : new InflaterInputStream(rest)) {
            for (int read = in.read(out); read > 0; read = in.read(out, length, out.length - length)) {
                length += read;
            }
        } catch (IOException notPacked) {
            // Two bytes like these stand anywhere; what came out so far is looked at.
        }
        return Arrays.copyOf(out, length);
    }

    static boolean contains(byte[] content, byte[] what) {
        for (int at = 0; at <= content.length - what.length; at++) {
            int same = 0;
            while (same < what.length && content[at + same] == what[same]) {
                same++;
            }
            if (same == what.length) {
                return true;
            }
        }
        return false;
    }

    /** Base64 as it stands in the middle of something longer: only the characters that the mark alone decides. */
    private static byte[] base64(byte[] mark, int shift) {
        byte[] shifted = new byte[mark.length + shift];
        System.arraycopy(mark, 0, shifted, shift, mark.length);
        String whole = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        int from = shift == 0 ? 0 : shift + 1;
        int to = shifted.length * 8 / 6;
        return ascii(whole.substring(from, to));
    }

    private static String escaped(String mark) {
        StringBuilder text = new StringBuilder();
        for (byte one : mark.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = one >= '0' && one <= '9' || one >= 'a' && one <= 'z' || one >= 'A' && one <= 'Z';
            text.append(plain ? String.valueOf((char) one) : String.format(Locale.ROOT, "%%%02x", one));
        }
        return text.toString();
    }

    private static String each(byte[] bytes, String form) {
        StringBuilder text = new StringBuilder();
        for (byte one : bytes) {
            text.append(String.format(Locale.ROOT, form, one & 0xff));
        }
        return text.toString();
    }

    private static byte[] lower(byte[] bytes) {
        byte[] lower = bytes.clone();
        for (int at = 0; at < lower.length; at++) {
            if (lower[at] >= 'A' && lower[at] <= 'Z') {
                lower[at] += 'a' - 'A';
            }
        }
        return lower;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
