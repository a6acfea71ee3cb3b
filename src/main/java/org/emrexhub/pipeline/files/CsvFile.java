package org.emrexhub.pipeline.files;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file, read to its end whatever is wrong with it: its rows, each with its line and its faults, and the text that
 * could not be taken apart into rows.
 *
 * <p>RFC 4180 with a declared delimiter, UTF-8 with or without a byte order mark, and a header row.
 *
 * @param rows in the order of the file
 * @param faults of the file as a whole and of all rows, by line
 * @param unread what no row could be made of; nobody knows whose it is
 */
record CsvFile(List<Row> rows, List<Fault> faults, String unread) {

    private static final char MARK = '\uFEFF';

    /**
     * One row.
     *
     * @param line where it begins
     * @param cells by column, {@code null} for an empty one; empty if the cells could not be told apart by column
     * @param values all its cells
     * @param faults none if it is sound
     */
    record Row(long line, Map<String, @Nullable String> cells, List<String> values, List<Fault> faults) {

        boolean holds(String value) {
            return values.contains(value);
        }
    }

    /** Reads the bytes of a file. */
    static CsvFile read(byte[] bytes, char delimiter, Columns columns) {
        Optional<String> text = decoded(bytes);
        if (text.isEmpty()) {
            Fault fault = new Fault(firstBroken(bytes), "", "is not UTF-8", "save the file as UTF-8");
            return new CsvFile(List.of(), List.of(fault), new String(bytes, StandardCharsets.ISO_8859_1));
        }
        return new Reading(text.get(), delimiter, columns).file();
    }

    private static Optional<String> decoded(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Optional.of(!text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text);
        } catch (CharacterCodingException other) {
            return Optional.empty();
        }
    }

    private static long firstBroken(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        StandardCharsets.UTF_8.newDecoder().decode(in, java.nio.CharBuffer.allocate(bytes.length + 1), true);
        long line = 1;
        for (int i = 0; i < in.position(); i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    /** The work of reading one text. */
    private static final class Reading {

        private final String text;
        private final char delimiter;
        private final Columns columns;
        private final List<Row> rows = new ArrayList<>();
        private final List<Fault> faults = new ArrayList<>();
        private int counted;
        private long line = 1;

        Reading(String text, char delimiter, Columns columns) {
            this.text = text;
            this.delimiter = delimiter;
            this.columns = columns;
        }

        CsvFile file() {
            CSVFormat format = CSVFormat.RFC4180
                    .builder()
                    .setDelimiter(delimiter)
                    .setIgnoreEmptyLines(true)
                    .setLenientEof(false)
                    .setTrailingData(false)
                    .get();
            String unread = "";
            try (CSVParser parser = CSVParser.builder()
                    .setReader(new StringReader(text))
                    .setFormat(format)
                    .get()) {
                unread = read(parser.iterator());
            } catch (IOException defect) {
                throw new UncheckedIOException("A text in memory can't be read", defect);
            }
            return new CsvFile(rows, faults, unread);
        }

        private String read(Iterator<CSVRecord> records) {
            long done = 0;
            List<String> header = List.of();
            try {
                while (records.hasNext()) {
                    CSVRecord record = records.next();
                    long begin = lineOf(record);
                    if (header.isEmpty()) {
                        header = record.stream().map(String::strip).toList();
                        faults.addAll(headerFaults(begin, header));
                        if (!faults.isEmpty()) {
                            return text;
                        }
                    } else {
                        Row row = row(begin, header, record);
                        rows.add(row);
                        faults.addAll(row.faults());
                    }
                    done = record.getCharacterPosition() + 1;
                }
            } catch (UncheckedIOException | IllegalStateException broken) {
                // The parser stops at the first quote that does not close; what follows can't be taken apart.
                String rest = afterLine((int) done);
                faults.add(new Fault(
                        lineAt(text.length() - rest.length()),
                        "",
                        "and all that follows can't be read: a quote does not close",
                        "write a quote inside a cell twice, and quote the whole cell"));
                return rest;
            }
            if (header.isEmpty()) {
                faults.add(new Fault(1, "", "has no header row", "write the names of the columns into the first line"));
            }
            return "";
        }

        private List<Fault> headerFaults(long at, List<String> header) {
            List<Fault> found = new ArrayList<>();
            Set<String> seen = new LinkedHashSet<>();
            for (int i = 0; i < header.size(); i++) {
                String name = header.get(i);
                if (!columns.byName().containsKey(name)) {
                    // What stands there may be data, so only its place is told.
                    found.add(new Fault(
                            at,
                            String.valueOf(i + 1),
                            "of the header is no name of a column",
                            "use the names of the contract, in lower case, and the declared delimiter " + delimiter));
                } else if (!seen.add(name)) {
                    found.add(new Fault(at, name, "stands twice in the header", "keep one of the two"));
                }
            }
            columns.byName().forEach((name, column) -> {
                if (column.required() && !seen.contains(name)) {
                    found.add(new Fault(at, name, "is missing in the header", "add the column"));
                }
            });
            return found;
        }

        private Row row(long at, List<String> header, CSVRecord record) {
            List<String> values = record.stream().map(String::strip).toList();
            if (values.size() != header.size()) {
                Fault fault = new Fault(
                        at,
                        "",
                        "has " + values.size() + " cells, the header " + header.size(),
                        "quote cells that hold the delimiter " + delimiter + ", and write empty cells too");
                return new Row(at, Map.of(), values, List.of(fault));
            }
            Map<String, @Nullable String> cells = new LinkedHashMap<>();
            List<Fault> wrong = new ArrayList<>();
            for (int i = 0; i < header.size(); i++) {
                String cell = values.get(i).isEmpty() ? null : values.get(i);
                cells.put(header.get(i), cell);
                columns.fault(at, header.get(i), cell).ifPresent(wrong::add);
            }
            return new Row(at, cells, values, wrong);
        }

        /** The text behind the record that begins before this position, from its next line on. */
        private String afterLine(int position) {
            int end = text.indexOf('\n', Math.max(0, position - 1));
            return position == 0 || end < 0 ? text : text.substring(end + 1);
        }

        /** The line where a record begins; the parser counts the empty lines before it as part of it. */
        private long lineOf(CSVRecord record) {
            int begin = (int) record.getCharacterPosition();
            while (begin < text.length() && (text.charAt(begin) == '\n' || text.charAt(begin) == '\r')) {
                begin++;
            }
            return lineAt(begin);
        }

        /** Lines are counted onward: positions come in order. */
        private long lineAt(long position) {
            for (; counted < position && counted < text.length(); counted++) {
                if (text.charAt(counted) == '\n') {
                    line++;
                }
            }
            return line;
        }
    }
}
