package org.emrexhub.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.MappingFolder.Format;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegisterMappingTests {

    private static final String RECORDS = "<a xmlns='urn:probe'><r id='1'/><r id='2'/><r id='2'/></a>";

    private Path home;
    private Path folder;
    private MappingFolder mapping;

    @BeforeEach
    void makeHome(@TempDir Path directory) throws IOException {
        home = directory;
        folder = Files.createDirectories(home.resolve("mappings/registers/probe"));
        Files.createDirectories(home.resolve("mappings/elmo"));
        Files.createDirectories(home.resolve("routes"));
        Files.writeString(home.resolve("mappings/elmo/codes.xml"), "<code-tables/>");
        Files.writeString(
                folder.resolve("code-tables.xml"),
                "<code-tables><table name='skip-rules'><row code='internal' text='Internal.'/></table>"
                        + "<table name='finding-rules'><row code='odd' text='Odd.'/></table></code-tables>");
        mapping = new MappingFolder(folder, Format.XML, "//p:r", "@id", Map.of("p", "urn:probe"));
    }

    @Test
    void takesEveryRecordNamedOnceAndExplainsTheRules() throws IOException {
        write("<hub:mapped ref='1'/><hub:mapped ref='2'/><hub:skipped ref='2' rule='internal'/>"
                + "<hub:finding ref='1' rule='odd' severity='info'/>");
        MappingResult result = map(RECORDS);
        assertThat(result.records()).isEqualTo(3);
        assertThat(result.mapped()).containsExactly("1", "2");
        assertThat(result.skipped()).containsExactly(new MappingResult.Skipped("2", "internal", "Internal."));
        assertThat(result.findings()).containsExactly(new MappingResult.Finding("probe", "1", "odd", "info", "Odd."));
        assertThat(result.mappingVersion()).matches("[0-9a-f]{12}");
    }

    @Test
    void refusesARecordThatIsNotNamed() throws IOException {
        write("<hub:mapped ref='1'/><hub:mapped ref='2'/>");
        fails(RECORDS, FailureCode.RECORD_UNACCOUNTED);
    }

    @Test
    void refusesMoreRecordsThanAnybodyHas() throws IOException {
        write("");
        fails(
                "<a xmlns='urn:probe'>" + "<r id='1'/>".repeat(RegisterMapping.MAX_RECORDS + 1) + "</a>",
                FailureCode.ROW_LIMIT_EXCEEDED);
    }

    @Test
    void refusesAnAnswerThatIsNestedBeyondMeasure() throws IOException {
        write("");
        fails(
                "<a xmlns='urn:probe'>" + "<b>".repeat(100_000) + "</b>".repeat(100_000) + "</a>",
                FailureCode.ANSWER_UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<r id='1'>%s</r>", "<r id='1' ects='%s'/>", "<r id='1'>5.%s<!-- -->%1$s</r>"})
    void refusesANumberThatWouldTakeMinutesToRead(String record) throws IOException {
        write("<hub:mapped ref='1'/>");
        String answer = "<a xmlns='urn:probe'>" + record + "</a>";
        assertThat(map(answer.formatted("7".repeat(AnswerLimits.DIGITS / 2))).mapped())
                .containsExactly("1");
        fails(answer.formatted("7".repeat(AnswerLimits.DIGITS + 1)), FailureCode.ANSWER_UNREADABLE);
    }

    /** Saxon prints a stack trace and fails as if the hub had a defect. */
    @Test
    void refusesAPrefixForANamespaceOfBlanks() throws IOException {
        Files.writeString(
                folder.resolve("to-elmo.xsl"),
                sheet("<hub:result><xsl:copy-of select=\"*\" copy-namespaces=\"no\"/></hub:result>"));
        fails("<a xmlns='urn:probe'><x:b xmlns:x=' \n '/></a>", FailureCode.ANSWER_UNREADABLE);
    }

    @Test
    void refusesARecordThatIsNamedTwice() throws IOException {
        write("<hub:mapped ref='1'/><hub:mapped ref='2'/><hub:mapped ref='2'/><hub:skipped ref='1' rule='internal'/>");
        fails(RECORDS, FailureCode.RECORD_UNACCOUNTED);
    }

    @Test
    void refusesANameOfNoRecord() throws IOException {
        write("<hub:mapped ref='1'/><hub:mapped ref='2'/><hub:mapped ref='2'/><hub:mapped ref='secret-key'/>");
        assertThat(fails(RECORDS, FailureCode.RECORD_UNACCOUNTED)).doesNotContain("secret-key");
    }

    @Test
    void refusesARecordWithoutReference() throws IOException {
        write("");
        fails("<a xmlns='urn:probe'><r/></a>", FailureCode.RECORD_UNACCOUNTED);
    }

    @Test
    void refusesARuleWithoutText() throws IOException {
        write("<hub:mapped ref='1'/><hub:mapped ref='2'/><hub:skipped ref='2' rule='no-such-rule'/>");
        fails(RECORDS, FailureCode.MAPPING_FAILED);
    }

    @Test
    void refusesAnotherRootThanAResult() throws IOException {
        Files.writeString(folder.resolve("to-elmo.xsl"), sheet("<other/>"));
        fails(RECORDS, FailureCode.MAPPING_FAILED);
    }

    @Test
    void refusesAnAnswerThatIsNoXmlAndSaysWhereButNotWhat() throws IOException {
        write("");
        assertThat(fails("<a>Testi Maija</b>", FailureCode.ANSWER_UNREADABLE))
                .contains("line 1")
                .doesNotContain("Testi", "</b>");
    }

    @Test
    void readsJsonExactlyAndRefusesWhatIsUnsound() throws IOException {
        mapping = new MappingFolder(
                folder,
                Format.JSON,
                "/j:array/j:map",
                "string(j:*[@key='id'])",
                Map.of("j", "http://www.w3.org/2005/xpath-functions"));
        Files.writeString(
                folder.resolve("to-elmo.xsl"),
                sheet("<hub:result><xsl:for-each select=\"//*[@key='id']\"><hub:mapped ref='{.}'/></xsl:for-each>"
                        + "</hub:result>"));
        assertThat(map("[{\"id\": 12345678901234567890.10}, {\"id\": \"b\", \"x\": [true, null, {}]}]")
                        .mapped())
                .containsExactly("12345678901234567890.10", "b");
        for (String unsound : new String[] {
            "[{\"id\": 1, \"id\": 2}]",
            "[{\"id\": \"\\u0000\"}]",
            "[{\"id\": \"" + "7".repeat(1_001) + "\"}]",
            "[{\"id\": " + "7".repeat(1_001) + "}]",
            "[{\"id\": \"\\ud800\"}]",
            "[] []",
            "[",
            "",
            "{id: 1}"
        }) {
            fails(unsound, FailureCode.ANSWER_UNREADABLE);
        }
    }

    @Test
    void namesFaultsOfStylesheetTablesAndXPathsTogether() throws IOException {
        Files.writeString(folder.resolve("to-elmo.xsl"), sheet("<xsl:nonsense/>"));
        Files.writeString(
                folder.resolve("code-tables.xml"),
                "<code-tables>\n<table name='t'>\n<row code='1'/>\n<row code='1'/></table></code-tables>");
        mapping = new MappingFolder(folder, Format.XML, "//p:r[", "@id", Map.of("p", "urn:probe"));
        assertThat(new RegisterMapping(new Stylesheets(home)).check(mapping))
                .extracting(StylesheetFault::toString)
                .hasSize(3)
                .anyMatch(fault -> fault.endsWith("code-tables.xml:4: code '1' has two rows"))
                .anyMatch(fault -> fault.contains("to-elmo.xsl:"))
                .anyMatch(fault -> fault.contains("not an XPath"));
    }

    private MappingResult map(String answer) {
        return new RegisterMapping(new Stylesheets(home))
                .map(mapping, answer.getBytes(StandardCharsets.UTF_8), Map.of("register", "probe"));
    }

    private String fails(String answer, FailureCode code) {
        HubFailure failure = org.assertj.core.api.Assertions.catchThrowableOfType(HubFailure.class, () -> map(answer));
        assertThat(failure).as(answer).isNotNull();
        assertThat(failure.code()).isEqualTo(code);
        return String.valueOf(failure.detail());
    }

    private void write(String result) throws IOException {
        Files.writeString(folder.resolve("to-elmo.xsl"), sheet("<hub:result>" + result + "</hub:result>"));
    }

    private static String sheet(String content) {
        return "<xsl:stylesheet version='3.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' expand-text='yes'"
                + " xmlns:hub='urn:emrexhub:mapping:1'><xsl:template match='/'>" + content
                + "</xsl:template></xsl:stylesheet>";
    }
}
