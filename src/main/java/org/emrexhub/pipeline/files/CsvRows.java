package org.emrexhub.pipeline.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.failure.FailureCode;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The rows of one learner out of all CSV files of a folder: what {@code routes/shared/csv-rows} can't do in YAML.
 *
 * <p>Files are read in the order of their names. A row replaces the rows of earlier files with the same key, so that a
 * correction is a new file. What is wrong with a file is written beside it. It stops a transfer only if the learner's
 * identifier stands in what can't be read: then a credit of this learner would be lost.
 */
@Component("csvRows")
class CsvRows {

    private static final JsonFactory JSON = new JsonFactory();

    private final Path home;
    private final Clock clock;

    CsvRows(Catalog catalog, Clock clock) {
        this.home = catalog.home();
        this.clock = clock;
    }

    /**
     * A row and the file it stands in.
     *
     * @param lost why the learner's credit can't be read from it, if it can't
     */
    private record Found(DroppedFile file, CsvFile.Row row, Optional<String> lost) {

        static Found of(DroppedFile file, CsvFile.Row row, String column) {
            if (!row.faults().isEmpty()) {
                return new Found(file, row, Optional.of(row.faults().get(0).phrase() + file.reference()));
            }
            if (row.cells().get(column) == null) {
                Fault fault = new Fault(
                        row.line(), column, "is empty, though an earlier file says whose credit it is", "fill it in");
                return new Found(file, row, Optional.of(fault.phrase() + file.sum()));
            }
            return new Found(file, row, Optional.empty());
        }
    }

    /** Leaves the learner's rows as JSON in the body, or sets the variable {@code failure}. */
    public void read(Exchange exchange) {
        exchange.getMessage().setBody(null);
        Instant deadline = clock.instant().plusMillis(exchange.getVariable("timeout", Long.class));
        Question question = Question.of(exchange, home);
        Map<String, List<Found>> byKey = new LinkedHashMap<>();
        List<Found> keyless = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        try {
            for (DroppedFile file : complete(question)) {
                if (clock.instant().isAfter(deadline)) {
                    fail(exchange, FailureCode.REGISTER_TIMEOUT, "the files could not be read in time");
                    return;
                }
                CsvFile csv = CsvFile.read(file.bytes(), question.delimiter(), question.columns());
                boolean whole = file.fitsChecksum();
                ErrorsFile.write(file, whole, csv.faults(), question.delimiter());
                if (!whole) {
                    fail(
                            exchange,
                            FailureCode.REGISTER_UNAVAILABLE,
                            "a file does not fit its SHA-256 side file; its owner finds it by its .errors.csv");
                    return;
                }
                collect(question, file, csv, byKey, keyless);
                if (csv.unread().contains(question.identifier())) {
                    lost.add(csv.faults().get(csv.faults().size() - 1).phrase() + file.reference());
                }
            }
        } catch (IOException unreadable) {
            // Its message holds the name of a file, which may be a learner's number.
            fail(exchange, FailureCode.REGISTER_UNAVAILABLE, "the folder or a file in it can't be read");
            return;
        }
        List<Found> rows = new ArrayList<>(keyless);
        byKey.values().forEach(rows::addAll);
        rows.forEach(found -> found.lost().ifPresent(lost::add));
        leave(exchange, question, rows, lost);
    }

    private static void collect(
            Question question, DroppedFile file, CsvFile csv, Map<String, List<Found>> byKey, List<Found> keyless) {
        Set<String> replaced = new HashSet<>();
        Set<String> theirs = new HashSet<>();
        for (CsvFile.Row row : csv.rows()) {
            String key = row.cells().get(question.columns().key());
            boolean asked = row.faults().isEmpty()
                    ? question.identifier().equals(row.cells().get(question.column()))
                    : row.holds(question.identifier());
            if (key == null) {
                if (asked) {
                    keyless.add(Found.of(file, row, question.column()));
                }
                continue;
            }
            if (replaced.add(key) && byKey.remove(key) != null) {
                theirs.add(key);
            }
            // Only a sound row that names somebody else takes the learner's credit away.
            boolean astray = theirs.contains(key)
                    && (!row.faults().isEmpty() || row.cells().get(question.column()) == null);
            if (asked || astray) {
                byKey.computeIfAbsent(key, first -> new ArrayList<>()).add(Found.of(file, row, question.column()));
            }
        }
    }

    private static void leave(Exchange exchange, Question question, List<Found> rows, List<String> lost) {
        if (!lost.isEmpty()) {
            fail(
                    exchange,
                    FailureCode.ANSWER_UNREADABLE,
                    lost.size() == 1
                            ? lost.get(0)
                            : lost.get(0) + ", and " + (lost.size() - 1) + " more of this learner");
        } else if (rows.isEmpty()) {
            fail(exchange, FailureCode.LEARNER_NOT_FOUND, "no file has a row of this learner");
        } else if (rows.size() > question.rowLimit()) {
            fail(exchange, FailureCode.ROW_LIMIT_EXCEEDED, "the files have " + rows.size() + " rows of this learner");
        } else {
            exchange.getMessage().setBody(json(rows));
        }
    }

    private static void fail(Exchange exchange, FailureCode code, String detail) {
        exchange.setVariable("failure", code.wireName());
        exchange.setVariable("failureDetail", detail);
    }

    private static List<DroppedFile> complete(Question question) throws IOException {
        try (Stream<Path> files = Files.list(question.folder())) {
            List<Path> names = files.filter(file -> {
                        String name = String.valueOf(file.getFileName());
                        return name.endsWith(".csv")
                                && !name.endsWith(ErrorsFile.SUFFIX)
                                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                                && (!question.marked() || Files.exists(file.resolveSibling(name + ".done")));
                    })
                    .sorted(Comparator.comparing(file -> String.valueOf(file.getFileName())))
                    .toList();
            List<DroppedFile> complete = new ArrayList<>();
            for (Path name : names) {
                complete.add(DroppedFile.read(name));
            }
            return complete;
        }
    }

    private static byte[] json(List<Found> rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartArray();
            for (Found found : rows) {
                out.writeStartObject();
                for (Map.Entry<String, @Nullable String> cell :
                        found.row().cells().entrySet()) {
                    out.writeStringField(cell.getKey(), cell.getValue());
                }
                out.writeStringField("source_file", found.file().name());
                out.writeStringField("source_line", Long.toString(found.row().line()));
                out.writeEndObject();
            }
            out.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("Rows can't be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    /**
     * What the route asks.
     *
     * @param folder with the files
     * @param marked whether a file counts only with its {@code .done} beside it
     * @param column that holds the identifier
     */
    private record Question(
            Path folder,
            boolean marked,
            char delimiter,
            Columns columns,
            String column,
            String identifier,
            int rowLimit) {

        static Question of(Exchange exchange, Path home) {
            return new Question(
                    Path.of(variable(exchange, "folder")),
                    variable(exchange, "completeWhen").equals("marked"),
                    variable(exchange, "delimiter").charAt(0),
                    Columns.read(home.resolve(variable(exchange, "columns"))),
                    variable(exchange, "column"),
                    variable(exchange, "identifier").strip(),
                    Integer.parseInt(variable(exchange, "rowLimit")));
        }

        private static String variable(Exchange exchange, String name) {
            return Optional.ofNullable(exchange.getVariable(name, String.class))
                    .filter(value -> !value.isEmpty())
                    .orElseThrow(() -> new IllegalStateException("Reading rows needs the variable '" + name + "'"));
        }
    }
}
