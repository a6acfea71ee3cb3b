package org.emrexhub.pipeline.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.emrexhub.catalog.Catalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the hub makes of the files in an institution's folder, over a real folder. */
@SuppressWarnings("NullAway.Init")
class CsvRowsTests {

    private static final String HEADER = "credit_id;student_no;title_local;credits;result_date;result_status\n";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final CsvRows rows =
            new CsvRows(new Catalog(Path.of("").toAbsolutePath(), List.of(), List.of()), Clock.systemUTC());

    @Test
    void readsALearnersRowsAndNoOthers() throws Exception {
        drop("a.csv", HEADER + "1;K1;Malerei;5.0;2025-01-31;passed\n2;K2;Farbe;2.5;2025-01-31;passed\n");

        JsonNode found = json(read("K1"));

        assertThat(found).hasSize(1);
        assertThat(found.get(0).path("title_local").asText()).isEqualTo("Malerei");
        assertThat(found.get(0).path("source_file").asText()).isEqualTo("a.csv");
        assertThat(found.get(0).path("source_line").asText()).isEqualTo("2");
    }

    @Test
    void readsWhatSpreadsheetsWrite() throws Exception {
        drop(
                "a.csv",
                "\uFEFF"
                        + (HEADER + "1;K1;\"Zeichnen; \"\"Akt\"\"\nzweite Zeile\";;2025-01-31;passed\n\n"
                                        + "2;K1;Größe;5;2025-01-31;passed\n")
                                .replace("\n", "\r\n"));

        JsonNode found = json(read("K1"));

        assertThat(found.findValuesAsText("title_local")).containsExactly("Zeichnen; \"Akt\"\r\nzweite Zeile", "Größe");
        assertThat(found.get(0).path("credits").isNull()).isTrue();
        assertThat(found.findValuesAsText("source_line")).containsExactly("2", "5");
    }

    @Test
    void letsALaterFileCorrectAnEarlierOne() throws Exception {
        drop("2025-02.csv", HEADER + "1;K1;alt;falsch;2025-01-31;passed\n2;K1;bleibt;1;2025-01-31;passed\n");
        drop("2025-03.csv", HEADER + "1;K1;neu;5;2025-01-31;passed\n");

        assertThat(json(read("K1")).findValuesAsText("title_local")).containsExactlyInAnyOrder("bleibt", "neu");
    }

    @Test
    void takesACreditFromWhoGotItByMistake() throws Exception {
        drop("2025-02.csv", HEADER + "1;K1;Malerei;5;2025-01-31;passed\n");
        drop("2025-03.csv", HEADER + "1;K2;Malerei;5;2025-01-31;passed\n");

        assertThat(failure(read("K1"))).isEqualTo("learner_not_found");
        assertThat(json(read("K2"))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "1;;Malerei;5;2025-01-31;passed, 'line 2, column student_no is empty, though'",
        "1;;Malerei;viel;2025-01-31;passed, 'line 2, column credits is no decimal number'",
        "1;K2;Malerei;viel;2025-01-31;passed, 'line 2, column credits is no decimal number'"
    })
    void losesNoCreditToALaterRowThatDoesNotSayWhoseItIs(String row, String detail) throws Exception {
        drop("2025-02.csv", HEADER + "1;K1;Malerei;5;2025-01-31;passed\n2;K1;Farbe;5;2025-01-31;passed\n");
        drop("2025-03.csv", HEADER + row + "\n");

        assertThat(failure(read("K1"))).isEqualTo("answer_unreadable");
        assertThat(detail(read("K1"))).startsWith(detail);

        drop("2025-04.csv", HEADER + "1;K1;Malerei;4;2025-01-31;passed\n");
        assertThat(json(read("K1")).findValuesAsText("credits")).containsExactlyInAnyOrder("5", "4");
    }

    @Test
    void losesNoCreditToALaterFileWithoutTheColumn() throws Exception {
        drop("2025-02.csv", HEADER + "1;K1;Malerei;5;2025-01-31;passed\n");
        drop("2025-03.csv", HEADER.replace("student_no", "national_id") + "1;N1;Malerei;5;2025-01-31;passed\n");

        assertThat(failure(read("K1"))).isEqualTo("answer_unreadable");
    }

    @Test
    void doesNotReadWhatIsNotWhole() throws Exception {
        drop("a.csv", HEADER + "1;K1;Malerei;5;2025-01-31;passed\n");
        Files.delete(folder.resolve("a.csv.done"));
        Files.writeString(folder.resolve("b.csv.part"), HEADER);

        assertThat(failure(read("K1"))).isEqualTo("learner_not_found");
        assertThat(json(read("K1", "renamed"))).hasSize(1);
    }

    @Test
    void saysWhichRowOfTheLearnerIsBad() throws Exception {
        drop("K1.csv", HEADER + "1;K1;gut;5;2025-01-31;passed\n2;K1;schlecht;5,0;31.01.2025;passed\n");

        Exchange exchange = read("K1");

        assertThat(failure(exchange)).isEqualTo("answer_unreadable");
        assertThat(detail(exchange))
                .startsWith("line 3, column credits is no decimal number (file with SHA-256 ")
                .doesNotContain("K1", "5,0", "schlecht");
        assertThat(errors("K1.csv"))
                .containsExactly(
                        "line;column;fault;what to do",
                        "3;credits;is no decimal number;write digits with a decimal point, such as 7.5",
                        "3;result_date;is no ISO date;write the date as 2026-01-31");
        assertThat(folder.resolve("K1.csv")).content().contains("schlecht");
    }

    @Test
    void goesOnWhereTheBadRowIsAnothersAndTellsTheOwner() throws Exception {
        drop("a.csv", HEADER + "1;K1;gut;5;2025-01-31;passed\n2;K2;schlecht;viel;2025-01-31;passed\n");

        assertThat(json(read("K1"))).hasSize(1);
        assertThat(errors("a.csv")).hasSize(2);
        assertThat(failure(read("K2"))).isEqualTo("answer_unreadable");
    }

    @Test
    void takesTheErrorsAwayOnceTheFileIsMended() throws Exception {
        drop("a.csv", HEADER + "1;K1;gut;viel;2025-01-31;passed\n");
        read("K1");
        drop("a.csv", HEADER + "1;K1;gut;5;2025-01-31;passed\n");

        assertThat(json(read("K1"))).hasSize(1);
        assertThat(folder.resolve("a.csv.errors.csv")).doesNotExist();
    }

    @Test
    void countsCellsAndLosesNoRowThatMayBeTheLearners() throws Exception {
        drop("a.csv", HEADER + "1;K1;zu; viele;5;2025-01-31;passed\n2;K2;gut;5;2025-01-31;passed\n");

        assertThat(failure(read("K1"))).isEqualTo("answer_unreadable");
        assertThat(detail(read("K1"))).startsWith("line 2 has 7 cells, the header 6");
        assertThat(json(read("K2"))).hasSize(1);
    }

    @Test
    void tellsWhereAQuoteDoesNotClose() throws Exception {
        drop(
                "a.csv",
                HEADER
                        + "1;K1;gut;5;2025-01-31;passed\n2;K2;\"offen;5;2025-01-31;passed\n3;K3;weg;5;2025-01-31;passed\n");

        assertThat(json(read("K1"))).hasSize(1);
        assertThat(failure(read("K3"))).isEqualTo("answer_unreadable");
        assertThat(errors("a.csv").get(1)).startsWith("3;;and all that follows can't be read");
    }

    @ParameterizedTest
    @CsvSource({
        "credit_id;student_no;title;result_status, '1;3;of the header is no name of a column'",
        "credit_id;student_no, '1;result_status;is missing in the header'",
        "credit_id;credit_id;result_status, '1;credit_id;stands twice in the header'"
    })
    void refusesAHeaderThatWouldLoseAColumn(String header, String error) throws Exception {
        drop("a.csv", header + "\n1;K1;x;y\n");

        assertThat(failure(read("K1"))).isEqualTo("answer_unreadable");
        assertThat(failure(read("K2"))).isEqualTo("learner_not_found");
        assertThat(errors("a.csv").get(1)).startsWith(error);
    }

    @Test
    void refusesAnotherCharset() throws Exception {
        drop("a.csv", HEADER + "1;K1;Größe;5;2025-01-31;passed\n", StandardCharsets.ISO_8859_1);

        assertThat(failure(read("K1"))).isEqualTo("answer_unreadable");
        assertThat(detail(read("K1"))).startsWith("line 2 is not UTF-8");
    }

    @Test
    void waitsForAFileThatFitsItsChecksum() throws Exception {
        byte[] whole = drop("a.csv", HEADER + "1;K1;gut;5;2025-01-31;passed\n2;K1;auch;5;2025-01-31;passed\n");
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(whole));
        Files.writeString(folder.resolve("a.csv.sha256"), sum.toUpperCase(java.util.Locale.ROOT) + "  a.csv\n");
        assertThat(json(read("K1"))).hasSize(2);

        Files.writeString(folder.resolve("a.csv"), HEADER + "1;K1;gut;5;2025-01-31;passed\n");

        assertThat(failure(read("K1"))).isEqualTo("register_unavailable");
        assertThat(errors("a.csv")).contains("0;;does not fit its SHA-256 side file;drop both anew");
    }

    @Test
    void isUnavailableWhileTheFolderIsMissing() throws Exception {
        Files.delete(folder);

        assertThat(failure(read("K1"))).isEqualTo("register_unavailable");
    }

    @Test
    void refusesMoreRowsThanTheLimit() throws Exception {
        StringBuilder text = new StringBuilder(HEADER);
        for (int i = 0; i < 11; i++) {
            text.append(i).append(";K1;Kurs;5;2025-01-31;passed\n");
        }
        drop("a.csv", text.toString());

        assertThat(failure(read("K1"))).isEqualTo("row_limit_exceeded");
    }

    /** The demo's files show what the README says of them. */
    @Test
    void readsTheFilesOfTheSimulator() throws Exception {
        Path simulator = Path.of("routes/registers/csv-drop/simulator");
        try (var files = Files.list(simulator)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }

        assertThat(json(read("K951"))).hasSize(3);
        assertThat(json(read("K952")).findValuesAsText("result_label")).containsExactly("1.7", "1.0");
        assertThat(failure(read("K953"))).isEqualTo("answer_unreadable");
    }

    private byte[] drop(String name, String text) throws IOException {
        return drop(name, text, StandardCharsets.UTF_8);
    }

    private byte[] drop(String name, String text, Charset charset) throws IOException {
        byte[] bytes = text.getBytes(charset);
        Files.write(folder.resolve(name), bytes);
        Files.write(folder.resolve(name + ".done"), new byte[0]);
        return bytes;
    }

    private List<String> errors(String name) throws IOException {
        return new ArrayList<>(Files.readAllLines(folder.resolve(name + ".errors.csv")));
    }

    private Exchange read(String learner) {
        return read(learner, "marked");
    }

    private Exchange read(String learner, String completeWhen) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setVariable("folder", folder.toString());
        exchange.setVariable("completeWhen", completeWhen);
        exchange.setVariable("delimiter", ";");
        exchange.setVariable("columns", "routes/registers/csv-drop/columns.yaml");
        exchange.setVariable("column", "student_no");
        exchange.setVariable("identifier", learner);
        exchange.setVariable("rowLimit", "10");
        exchange.setVariable("timeout", 60_000L);
        rows.read(exchange);
        return exchange;
    }

    private static JsonNode json(Exchange exchange) throws IOException {
        assertThat(failure(exchange)).as(detail(exchange)).isNull();
        return JSON.readTree(exchange.getMessage().getBody(byte[].class));
    }

    private static @org.jspecify.annotations.Nullable String failure(Exchange exchange) {
        return exchange.getVariable("failure", String.class);
    }

    private static String detail(Exchange exchange) {
        return String.valueOf(exchange.getVariable("failureDetail"));
    }
}
