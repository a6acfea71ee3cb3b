package org.emrexhub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

/** The commands as a person types them, on a home in which everything is new. */
class CommandsTests {

    private static final Path HERE = Path.of("").toAbsolutePath();
    private static final String SAMPLES = "mappings/registers/xx-new/samples/";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @BeforeEach
    void commonFiles() throws IOException {
        FileSystemUtils.copyRecursively(HERE.resolve("mappings/elmo"), home.resolve("mappings/elmo"));
        Files.createDirectories(home.resolve("routes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--format xml", "--pages", "--pages --format xml", "--soap", "--sql"})
    void writesARegisterThatMapsItsSamplesAndLeavesNothingUnexplained(String options) {
        assertThat(run(("new-register xx-new " + options).split(" "))).isZero();
        assertThat(out()).contains("routes/registers/xx-new/register.yaml").contains("map xx-new");

        assertThat(run("map", "xx-new")).as(out() + err).isZero();
        assertThat(out()).contains("says what is expected").contains("stops with unknown_code, as expected");
        assertThat(run("coverage", "xx-new")).as(out() + err).isZero();
        assertThat(out()).contains("a person who is not the learner");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--resolve", "--verify", "--format xml --resolve --verify"})
    void writesASystemThatMapsItsSamples(String options) {
        assertThat(run(("new-sis xx-new " + options).strip().split(" "))).isZero();

        assertThat(run("map", "xx-new")).as(out() + err).isZero();
        assertThat(out()).contains("says what is expected").contains("stops with unknown_code, as expected");
        assertThat(run("map", "xx-new", "replaced-course")).isZero();
        assertThat(out()).containsPattern("replaces\\W+emrex-zY9x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "xml"})
    void tellsWhereAPayloadDiffersAndWritesItAnew(String format) throws IOException {
        run("new-sis", "xx-new", "--format", format);
        Path payload = home.resolve("mappings/sis/xx-new/samples/second-course/payload." + format);
        Files.writeString(payload, Files.readString(payload).replace("Mechanics", "Optics"));

        assertThat(run("map", "xx-new")).isEqualTo(HubCommand.FOUND);
        assertThat(out()).containsPattern("differs from payload\\." + format + " at .*title");
        Files.delete(payload);
        assertThat(run("map", "xx-new")).isEqualTo(HubCommand.FOUND);
        assertThat(out()).contains("there is no payload." + format + " to compare with");
        assertThat(run("map", "xx-new", "--update")).isZero();
        assertThat(run("map", "xx-new", "second-course")).isZero();
        assertThat(out()).contains("Mechanics");
    }

    @Test
    void tellsWhyADeliveryIsNotMapped() throws IOException {
        run("new-sis", "xx-new");
        Path tables = home.resolve("mappings/sis/xx-new/code-tables.xml");
        Files.writeString(tables, Files.readString(tables).replace("\"ects\"", "\"sws\""));

        assertThat(run("map", "xx-new", "second-course")).isEqualTo(HubCommand.FOUND);
        assertThat(out()).contains("a transfer would die with unknown_code").contains("credit-schemes");
    }

    @Test
    void refusesToOverwrite() throws IOException {
        run("new-sis", "xx-new");
        Path descriptor = home.resolve("routes/sis/xx-new/sis.yaml");
        Files.writeString(descriptor, "mine");

        assertThat(run("new-sis", "xx-new")).isEqualTo(HubCommand.FILES);
        assertThat(err.toString()).contains("is there already; nothing was written");
        assertThat(descriptor).hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new-register Not_Kebab",
                "new-register a --sql --format xml",
                "new-register a --soap --sql",
                "mapp x",
                "map",
                "map --no"
            })
    void saysWhatItDoesNotUnderstand(String line) {
        assertThat(run(line.split(" "))).isEqualTo(HubCommand.USAGE);
        assertThat(err.toString()).isNotBlank().doesNotContain("\tat ");
    }

    @Test
    void explainsItself() {
        for (String command : List.of("", "map", "coverage", "new-register", "new-sis")) {
            assertThat(run(Stream.of(command, "--help")
                            .filter(word -> !word.isEmpty())
                            .toArray(String[]::new)))
                    .isZero();
            assertThat(out()).contains("Exit codes:");
        }
    }

    @Test
    void leavesTheHubsOwnArgumentsToTheHub() {
        assertThat(Commands.isMeant("--server.port=1", "map")).isFalse();
        assertThat(Commands.isMeant()).isFalse();
        assertThat(Commands.isMeant("map")).isTrue();
    }

    @Test
    void tellsWhatIsMissing() {
        assertThat(run("map", "xx-none")).isEqualTo(HubCommand.FILES);
        assertThat(err.toString()).contains("routes/registers/xx-none: is no folder");
        run("new-register", "xx-new");
        run("new-sis", "yy-new");
        assertThat(run("map", "xx-none")).isEqualTo(HubCommand.FILES);
        assertThat(err.toString()).contains("there is xx-new, yy-new.");
        assertThat(run("map", "xx-new", "no-sample")).isEqualTo(HubCommand.FILES);
        assertThat(err.toString()).contains("no-sample: is neither a file nor the name of a sample of xx-new.");
    }

    @Test
    void tellsAnEditThatDoesNotCompileByFileAndLine() throws IOException {
        run("new-register", "xx-new");
        edit("mappings/registers/xx-new/to-elmo.xsl", "f:decimal(", "f:decimall(");

        assertThat(run("map", "xx-new")).isEqualTo(HubCommand.FILES);
        assertThat(err.toString()).containsPattern("to-elmo\\.xsl:\\d+: .*decimall");
    }

    @Test
    void tellsEveryCodeWithoutARowByItsPlaceInTheSource() throws IOException {
        run("new-register", "xx-new");
        edit(SAMPLES + "courses/input.json", "\"done\"", "\"finished\"");
        edit(SAMPLES + "courses/input.json", "\"grade\": \"B\"", "\"grade\": \"Q\"");

        assertThat(run("map", "xx-new", "courses")).isEqualTo(HubCommand.FOUND);
        assertThat(out())
                .contains("a transfer would die with unknown_code")
                .containsPattern("input\\.json:4:\\d+ /records/0/state: table 'states' has no row for code 'finished'")
                .containsPattern("input\\.json:4:\\d+ /records/0/grade: table 'grades' has no row for code 'Q'");
    }

    @Test
    void tellsAViolationInSourceResultAndStylesheet() throws IOException {
        run("new-register", "xx-new");
        edit(SAMPLES + "courses/input.json", "2025-05-30", "30.5.2025");

        assertThat(run("map", "xx-new", "courses", "--json")).isEqualTo(HubCommand.FOUND);
        JsonNode flaw = json().get(0).path("flaws").get(0);
        assertThat(flaw.path("code").asText()).isEqualTo("schema_violation");
        assertThat(flaw.path("inSource").path("path").asText()).isEqualTo("/records/0/credit_date");
        assertThat(flaw.path("inSource").path("line").asInt()).isEqualTo(4);
        assertThat(flaw.path("inResult").path("path").asText()).endsWith("/learningOpportunityInstance[1]/date[1]");
        int line = flaw.path("inResult").path("line").asInt();
        assertThat(json().get(0).path("elmo").asText().lines().toList().get(line - 1))
                .contains("30.5.2025");
        int made = flaw.path("inMapping").path("line").asInt();
        assertThat(Files.readAllLines(home.resolve("mappings/registers/xx-new/to-elmo.xsl"))
                        .get(made - 1))
                .contains("<date>");
    }

    @Test
    void tellsARecordThatTheMappingForgets() throws IOException {
        run("new-register", "xx-new", "--format", "xml");
        edit(
                "mappings/registers/xx-new/to-elmo.xsl",
                "<xsl:for-each select=\"$skipped\">",
                "<xsl:for-each select=\"()\">");

        assertThat(run("map", "xx-new", "courses")).isEqualTo(HubCommand.FOUND);
        assertThat(out())
                .containsPattern(
                        "input\\.xml:18:\\d+ /records/record\\[2\\]: record 'r2' is named neither as mapped nor as skipped");
    }

    @Test
    void findsTheValueThatStopsAMapping() throws IOException {
        run("new-register", "xx-new");
        edit(SAMPLES + "courses/input.json", "\"ects\": 5", "\"ects\": \"five\"");

        assertThat(run("map", "xx-new", "courses")).isEqualTo(HubCommand.FOUND);
        assertThat(out()).containsPattern("input\\.json:4:\\d+ /records/0/ects: .*functions\\.xsl:\\d+");
    }

    @Test
    void comparesByMeaning() throws IOException {
        run("new-register", "xx-new");
        edit("mappings/registers/xx-new/code-tables.xml", "label=\"B\"", "label=\"Good\"");
        edit(SAMPLES + "courses/elmo.xml", ">5<", ">7.5<");

        assertThat(run("map", "xx-new", "courses")).isEqualTo(HubCommand.FOUND);
        assertThat(out())
                .contains("course PHYS101 Introduction to physics of Example University: grade is 'Good', expected 'B'")
                .contains("credits is '5', expected '7.5'");
        assertThat(run("map", "xx-new", "--update")).isZero();
        assertThat(out())
                .contains("courses/input.json: fine", "is what is expected from now on")
                .doesNotContain("to be mended", "credits is");
        assertThat(run("map", "xx-new")).isZero();
    }

    @Test
    void takesNoResultAsExpectedWithoutTellingWhatIsWrongWithIt() throws IOException {
        run("new-register", "xx-new");
        edit("mappings/registers/xx-new/to-elmo.xsl", ">passed<", ">done<");

        assertThat(run("map", "xx-new", "--update")).isEqualTo(HubCommand.FOUND);
        assertThat(out()).contains("to be mended", "schema_violation");
    }

    @Test
    void writesElmoAndTranscript() throws IOException {
        run("new-register", "xx-new");

        Path elmo = home.resolve("out/elmo.xml");
        Path pdf = home.resolve("out/transcript.pdf");
        assertThat(run("map", "xx-new", "courses", "--elmo", elmo.toString(), "--transcript", pdf.toString()))
                .as(err.toString())
                .isZero();
        assertThat(elmo).content().contains("<resultLabel>B</resultLabel>");
        assertThat(Files.readString(pdf, java.nio.charset.StandardCharsets.ISO_8859_1))
                .startsWith("%PDF-");
    }

    @Test
    void warnsOfAFieldThatNothingReadsAndOfAReasonThatNothingNeeds() throws IOException {
        run("new-register", "xx-new");
        edit("mappings/registers/xx-new/unmapped.yaml", "//teacher:", "//room:");

        assertThat(run("coverage", "--json")).isEqualTo(HubCommand.FOUND);
        JsonNode coverage = json().get(0);
        assertThat(coverage.path("unexplained").has("/records/teacher")).isTrue();
        assertThat(coverage.path("stale").get(0).asText()).isEqualTo("//room");
        assertThat(coverage.path("neverFilled").toString())
                .contains("engagementHours")
                .doesNotContain("resultLabel");
        assertThat(coverage.path("codes").get(0).path("meant").asBoolean()).isTrue();
    }

    private int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> line = new ArrayList<>(List.of(words));
        if (line.size() > 1 && !line.contains("--help")) {
            line.addAll(List.of("--home", home.toString()));
        }
        return Commands.run(new PrintWriter(out), new PrintWriter(err), line.toArray(String[]::new));
    }

    private String out() {
        return out.toString();
    }

    private JsonNode json() {
        try {
            return new ObjectMapper().readTree(out());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(out() + err, e);
        }
    }

    private void edit(String file, String from, String to) throws IOException {
        Path path = home.resolve(file);
        String text = Files.readString(path);
        assertThat(text).contains(from);
        Files.writeString(path, text.replace(from, to));
    }
}
