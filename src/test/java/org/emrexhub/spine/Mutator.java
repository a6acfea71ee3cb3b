package org.emrexhub.spine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spoils documents the way an enemy, a broken gateway or a tired programmer would: a byte, a value, the nesting, the
 * encoding. The same random numbers make the same document.
 */
final class Mutator {

    /** What stands for a value that somebody thought of, not for one that chance makes. */
    private static final List<String> VALUES = List.of(
            "",
            " ",
            "0",
            "-1",
            "1e999999999",
            "-0.0",
            "NaN",
            "INF",
            "9".repeat(400),
            "0." + "3".repeat(400),
            "2147483648",
            "9223372036854775808",
            "true",
            "null",
            "0000-00-00",
            "9999999999-12-31",
            "-0044-03-15",
            "2024-02-30",
            "2024-13-01T25:61:61Z",
            "99999999-12-31T00:00:00+99:99",
            "../../../../etc/passwd",
            "..%2f..%2fetc%2fpasswd",
            "/etc/passwd",
            "file:///etc/passwd",
            "C:\\windows\\win.ini",
            "' or '1'='1",
            "${env:PATH}",
            "${bodyAs(String)}",
            "{{emrexhub.registers.fi-virta.key}}",
            "#{T(java.lang.Runtime)}",
            "$1\\2",
            "%s%n%x",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "\u0430\u0431\u0432 \u05d0\u05d1 \u0639\u0631\u0628 \u6f22\u5b57 \ud83d\ude00",
            "\u202eabc\u200b\ufeff",
            "e\u0301".repeat(50),
            "\ufffe",
            "a".repeat(5_000),
            "a ".repeat(5_000),
            "\n".repeat(500),
            "en",
            "FI",
            "passed",
            "Degree Programme");

    private static final List<String> MARKUP = List.of(
            "<!DOCTYPE a [<!ENTITY b \"bbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;\">]>",
            "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">",
            "<!DOCTYPE a [<!ENTITY % x SYSTEM \"http://127.0.0.1:9/x\">%x;]>",
            "&d;",
            "&#0;",
            "&#xD800;",
            "&#x1F600;",
            "&#13;",
            "&amp;",
            "<![CDATA[ ]]>",
            "]]>",
            "<!-- -- -->",
            "<!---->",
            "<?xml version=\"1.1\"?>",
            "<?xml-stylesheet href=\"file:///etc/passwd\"?>",
            "<a xmlns=\"\"/>",
            "<b xmlns:virta=\"urn:other\"/>",
            "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\"/>",
            " xml:base=\"http://127.0.0.1:9/\"",
            " xsi:schemaLocation=\"a http://127.0.0.1:9/a.xsd\"",
            "{\"\":{\"\":[]}}",
            "[[],[[]]]",
            ",\"ref\":\"1\",\"ref\":\"2\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "1E400",
            "-",
            "/*",
            "//",
            "'",
            "\\");

    private static final List<Charset> CHARSETS = List.of(
            StandardCharsets.UTF_16LE,
            StandardCharsets.UTF_16BE,
            StandardCharsets.UTF_16,
            StandardCharsets.ISO_8859_1,
            StandardCharsets.US_ASCII,
            Charset.forName("windows-1252"),
            Charset.forName("UTF-32LE"));

    private static final List<String> ENCODINGS =
            List.of("UTF-16", "ISO-8859-1", "UTF-7", "x-unknown", "EBCDIC-CP-US", "UTF-32", "");

    private static final Pattern XML_VALUE = Pattern.compile(">([^<>]{0,200})<|=\"([^\"<>]{0,200})\"");
    private static final Pattern JSON_VALUE = Pattern.compile("(\"(?:[^\"\\\\]|\\\\.){0,200}\"|-?[0-9][0-9.eE+-]*)");
    private static final Pattern ELEMENT = Pattern.compile("<([A-Za-z:]+)[^<>/]*>[^<>]*</\\1>|\\{[^{}]*\\}");

    private static final Pattern NAME = Pattern.compile("<[A-Za-z:]+|\"[^\"]*\"\\s*:|[A-Za-z:]+=");

    private static final List<String> LONGER = List.of("7", "a", " ", "a b,");

    private final Random random;

    Mutator(Random random) {
        this.random = random;
    }

    /** One of them, spoilt by some steps; now and then left as it is. */
    byte[] mutate(List<byte[]> samples) {
        byte[] document = pick(samples);
        int steps = random.nextInt(20) == 0 ? 0 : 1 + Math.min(random.nextInt(4), random.nextInt(8));
        for (int step = 0; step < steps; step++) {
            document = step(document, samples);
        }
        return document;
    }

    /** A text that nobody expects. */
    String value() {
        return pick(random.nextInt(4) == 0 ? MARKUP : VALUES);
    }

    /**
     * Documents in which one value is longer by a length, of each name that a value has anywhere, in each way that there
     * is.
     */
    static List<byte[]> lengthened(List<byte[]> samples, int length) {
        Set<String> known = new HashSet<>();
        List<byte[]> all = new ArrayList<>();
        List<byte[]> longestFirst = samples.stream()
                .sorted(Comparator.comparing(sample -> -sample.length))
                .toList();
        for (byte[] document : longestFirst) {
            String text = text(document);
            for (int[] place : values(document)) {
                String value = text.substring(place[0], place[1]);
                String name = last(NAME.matcher(text.substring(Math.max(0, place[0] - 200), place[0])));
                if (value.isBlank() || !known.add(name)) {
                    continue;
                }
                String quote = value.startsWith("\"") ? "\"" : "";
                boolean number = quote.isEmpty() && !text.startsWith("<");
                for (String unit : number ? List.of("7") : LONGER) {
                    String longer = value.replace("\"", "") + unit.repeat(length / unit.length());
                    all.add(join(
                            join(Arrays.copyOf(document, place[0]), bytes(quote + longer + quote)),
                            Arrays.copyOfRange(document, place[1], document.length)));
                }
            }
        }
        return all;
    }

    private static String last(Matcher matcher) {
        String last = "";
        while (matcher.find()) {
            last = matcher.group();
        }
        return last;
    }

    private byte[] step(byte[] document, List<byte[]> samples) {
        return switch (random.nextInt(16)) {
            case 0 -> flip(document);
            case 1 -> cut(document);
            case 2 -> Arrays.copyOf(document, place(document));
            case 3 -> insert(document, place(document), bytes(value()));
            case 4 -> insert(document, place(document), noise());
            case 5 -> repeat(document);
            case 6 -> splice(document, pick(samples));
            case 7 -> recode(document);
            case 8 -> declare(document);
            case 9 -> nest(document);
            case 10, 11, 12, 13 -> replaceValue(document);
            case 14 -> repeatElement(document);
            default -> swapValues(document);
        };
    }

    private byte[] flip(byte[] document) {
        byte[] copy = document.clone();
        for (int n = random.nextInt(4); n >= 0 && copy.length > 0; n--) {
            copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
        }
        return copy;
    }

    private byte[] cut(byte[] document) {
        int from = place(document);
        int to = Math.min(document.length, from + random.nextInt(200));
        return join(Arrays.copyOf(document, from), Arrays.copyOfRange(document, to, document.length));
    }

    private byte[] repeat(byte[] document) {
        int from = place(document);
        int to = Math.min(document.length, from + 1 + random.nextInt(100));
        ByteArrayOutputStream span = new ByteArrayOutputStream();
        for (int n = 1 + random.nextInt(random.nextInt(50) == 0 ? 10_000 : 50); n > 0; n--) {
            span.write(document, from, to - from);
        }
        return insert(document, to, span.toByteArray());
    }

    private byte[] splice(byte[] document, byte[] other) {
        int from = place(other);
        return join(Arrays.copyOf(document, place(document)), Arrays.copyOfRange(other, from, other.length));
    }

    private byte[] recode(byte[] document) {
        return new String(document, StandardCharsets.UTF_8).getBytes(pick(CHARSETS));
    }

    private byte[] declare(byte[] document) {
        String text = text(document).replaceFirst("^<\\?xml[^>]*\\?>", "");
        String version = random.nextInt(3) == 0 ? "1.1" : "1.0";
        return latin("<?xml version=\"" + version + "\" encoding=\"" + pick(ENCODINGS) + "\"?>" + text);
    }

    private byte[] nest(byte[] document) {
        int depth = 1 << random.nextInt(random.nextInt(20) == 0 ? 16 : 10);
        String open = pick(List.of("<a>", "[", "{\"a\":", "<virta:Opintosuoritus>"));
        String close = random.nextBoolean()
                ? ""
                : open.equals("[") ? "]" : open.startsWith("{") ? "}" : "</" + open.substring(1);
        return insert(document, place(document), bytes(open.repeat(depth) + close.repeat(depth)));
    }

    private byte[] replaceValue(byte[] document) {
        List<int[]> found = values(document);
        if (found.isEmpty()) {
            return flip(document);
        }
        int[] place = pick(found);
        return join(
                join(Arrays.copyOf(document, place[0]), bytes(value())),
                Arrays.copyOfRange(document, place[1], document.length));
    }

    private byte[] swapValues(byte[] document) {
        List<int[]> found = values(document);
        if (found.isEmpty()) {
            return cut(document);
        }
        int[] from = pick(found);
        int[] to = pick(found);
        return join(
                join(Arrays.copyOf(document, to[0]), Arrays.copyOfRange(document, from[0], from[1])),
                Arrays.copyOfRange(document, to[1], document.length));
    }

    private byte[] repeatElement(byte[] document) {
        List<int[]> found = places(ELEMENT.matcher(text(document)));
        if (found.isEmpty()) {
            return repeat(document);
        }
        int[] place = pick(found);
        byte[] element = Arrays.copyOfRange(document, place[0], place[1]);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int n = 1 + random.nextInt(random.nextInt(30) == 0 ? 2_000 : 20); n > 0; n--) {
            many.writeBytes(element);
        }
        return insert(document, place[1], many.toByteArray());
    }

    /** Where values stand, as far as a glance can tell. */
    private static List<int[]> values(byte[] document) {
        String text = text(document);
        return text.startsWith("{") || text.startsWith("[")
                ? places(JSON_VALUE.matcher(text))
                : places(XML_VALUE.matcher(text));
    }

    private static List<int[]> places(Matcher matcher) {
        List<int[]> places = new ArrayList<>();
        while (matcher.find() && places.size() < 5_000) {
            int group = 0;
            for (int n = 1; n <= matcher.groupCount(); n++) {
                group = matcher.pattern() != ELEMENT && matcher.group(n) != null ? n : group;
            }
            places.add(new int[] {matcher.start(group), matcher.end(group)});
        }
        return places;
    }

    private byte[] noise() {
        byte[] noise = new byte[1 + random.nextInt(40)];
        random.nextBytes(noise);
        return noise;
    }

    private int place(byte[] document) {
        return random.nextInt(document.length + 1);
    }

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static byte[] insert(byte[] document, int at, byte[] what) {
        return join(join(Arrays.copyOf(document, at), what), Arrays.copyOfRange(document, at, document.length));
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** One character for each byte, so that places in the text are places in the document. */
    private static String text(byte[] document) {
        return new String(document, StandardCharsets.ISO_8859_1);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
