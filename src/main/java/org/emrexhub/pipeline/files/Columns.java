package org.emrexhub.pipeline.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The columns that a file may have, as the {@code columns.yaml} of a register lists them.
 *
 * @param key the column whose value a later file replaces
 * @param byName each column with what its cells must be
 */
record Columns(String key, Map<String, Column> byName) {

    private static final YAMLMapper YAML = new YAMLMapper();

    /** What the cells of a column must be; an empty one is none, unless it is required. */
    record Column(Type type, boolean required) {}

    /** A form of cell, with the words for a cell that has another one. */
    enum Type {
        TEXT("", ""),
        DATE("is no ISO date", "write the date as 2026-01-31"),
        TIMESTAMP("is no ISO date or time", "write it as 2026-01-31 or 2026-01-31T12:00:00"),
        DECIMAL("is no decimal number", "write digits with a decimal point, such as 7.5");

        final String fault;
        final String remedy;

        Type(String fault, String remedy) {
            this.fault = fault;
            this.remedy = remedy;
        }
    }

    static Columns read(Path file) {
        try {
            JsonNode yaml = YAML.readTree(file.toFile());
            Map<String, Column> columns = new LinkedHashMap<>();
            yaml.path("columns").properties().forEach(column -> {
                Type type = Type.valueOf(
                        column.getValue().path("type").asText("text").toUpperCase(java.util.Locale.ROOT));
                columns.put(
                        column.getKey(),
                        new Column(type, column.getValue().path("required").asBoolean()));
            });
            return new Columns(yaml.path("key").asText(), columns);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The list of columns can't be read", unreadable);
        }
    }

    /** What is wrong with a cell and what to do about it. */
    Optional<Fault> fault(long line, String name, @Nullable String cell) {
        Column column = byName.get(name);
        if (column == null || (cell == null && !column.required())) {
            return Optional.empty();
        }
        if (cell == null) {
            return Optional.of(new Fault(line, name, "is empty", "fill it in"));
        }
        return isA(column.type(), cell)
                ? Optional.empty()
                : Optional.of(new Fault(line, name, column.type().fault, column.type().remedy));
    }

    private static boolean isA(Type type, String cell) {
        try {
            switch (type) {
                case TEXT -> {
                    return true;
                }
                case DECIMAL -> {
                    return cell.matches("[0-9]{1,12}(\\.[0-9]{1,12})?");
                }
                case DATE -> LocalDate.parse(cell);
                case TIMESTAMP -> timestamp(cell.replace(' ', 'T'));
            }
            return true;
        } catch (DateTimeParseException other) {
            return false;
        }
    }

    private static void timestamp(String cell) {
        if (!cell.contains("T")) {
            LocalDate.parse(cell);
        } else if (cell.matches(".*(Z|[+-][0-9]{2}:?[0-9]{2})")) {
            OffsetDateTime.parse(cell);
        } else {
            LocalDateTime.parse(cell);
        }
    }
}
