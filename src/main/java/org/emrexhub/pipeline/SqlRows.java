package org.emrexhub.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Rows of a query as JSON: one form whatever the database, so that a mapping need not know it. Names in lower case,
 * every value a string (dates ISO, decimals plain) or null.
 */
@Component("sqlRows")
public final class SqlRows {

    private static final JsonFactory JSON = new JsonFactory();

    /** An array with an object for each row, UTF-8. */
    public byte[] json(List<Map<String, @Nullable Object>> rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartArray();
            for (Map<String, @Nullable Object> row : rows) {
                out.writeStartObject();
                for (Map.Entry<String, @Nullable Object> column : row.entrySet()) {
                    out.writeFieldName(column.getKey().toLowerCase(Locale.ROOT));
                    Object value = column.getValue();
                    if (value == null) {
                        out.writeNull();
                    } else {
                        out.writeString(text(value));
                    }
                }
                out.writeEndObject();
            }
            out.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("Rows can't be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    private static String text(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof Float || value instanceof Double) {
            // A view with floats still gives the digits that it shows, not an exponent.
            return new BigDecimal(value.toString()).toPlainString();
        }
        if (value instanceof Timestamp timestamp) {
            return timestamp.toLocalDateTime().toString();
        }
        if (value instanceof java.sql.Date date) {
            return date.toLocalDate().toString();
        }
        if (value instanceof TemporalAccessor || value instanceof CharSequence || value instanceof Number) {
            return value.toString();
        }
        return String.valueOf(value);
    }
}
