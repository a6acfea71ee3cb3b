package org.emrexhub.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StylesheetsTests {

    private Path home;
    private Path folder;
    private Path stylesheet;

    @BeforeEach
    void makeHome(@TempDir Path directory) throws IOException {
        home = directory;
        folder = Files.createDirectories(home.resolve("mappings/registers/probe"));
        Files.createDirectories(home.resolve("mappings/elmo"));
        Files.createDirectories(home.resolve("routes"));
        stylesheet = folder.resolve("to-elmo.xsl");
        Files.writeString(home.resolve("outside.xml"), "<secret>outside</secret>");
        Files.writeString(folder.resolve("code-tables.xml"), "<code-tables><table name='t'/></code-tables>");
    }

    @Test
    void readsTheFilesBesideAStylesheet() throws IOException {
        write("<xsl:template match='/'><out>{count(doc('code-tables.xml')//table)}</out></xsl:template>");
        assertThat(transform("<in/>")).endsWith("<out>1</out>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "doc('../../../outside.xml')",
                "document('../../../outside.xml')",
                "doc('file:///etc/hostname')",
                "unparsed-text('file:///etc/hostname')",
                "unparsed-text-lines('../../../outside.xml')",
                "doc('jar:file:/tmp/x.jar!/x.xml')",
                "collection('file:///etc')",
                "uri-collection('file:///etc')",
                "json-doc('file:///etc/hostname')",
                "transform(map{'stylesheet-location': 'file:///tmp/x.xsl', 'source-node': .})",
            })
    void refusesToReadOutsideTheHome(String expression) throws IOException {
        write("<xsl:template match='/'><out>{" + expression + "}</out></xsl:template>");
        assertThatExceptionOfType(HubFailure.class)
                .isThrownBy(() -> transform("<in/>"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.MAPPING_FAILED))
                .withMessageNotContaining("outside</secret>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "doc('URL')",
                "document('URL')",
                "unparsed-text('URL')",
                "json-doc('URL')",
                "collection('URL')",
                "string(doc-available('URL'))",
                "string(unparsed-text-available('URL'))",
                "transform(map{'stylesheet-location': 'URL', 'source-node': .})",
            })
    void asksNobodyInTheNetwork(String expression) throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/x.xml";
            write("<xsl:template match='/'><out>{" + expression.replace("URL", url) + "}</out></xsl:template>");
            Stylesheets stylesheets = new Stylesheets(home);
            Throwable outcome = catchThrowable(() -> transform(
                    stylesheets,
                    "<in xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'" + " xsi:noNamespaceSchemaLocation='"
                            + url + "'/>"));
            assertThat(outcome == null || outcome instanceof HubFailure).isTrue();
            write("<xsl:import href='" + url + "'/>");
            assertThat(stylesheets.check(stylesheet)).isNotEmpty();
            assertThat(asked).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void refusesToFollowALinkOutOfTheHome() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.xml"), home.resolve("outside.xml"));
        write("<xsl:template match='/'><out>{doc('link.xml')}</out></xsl:template>");
        assertThatExceptionOfType(HubFailure.class).isThrownBy(() -> transform("<in/>"));
    }

    @Test
    void refusesToImportFromOutsideTheHome() throws IOException {
        Files.writeString(home.resolve("outside.xsl"), sheet("<xsl:template match='/'>x</xsl:template>"));
        write("<xsl:import href='../../../outside.xsl'/>");
        assertThat(new Stylesheets(home).check(stylesheet)).isNotEmpty();
    }

    @Test
    void refusesToWriteASecondFile() throws IOException {
        write("<xsl:template match='/'><xsl:result-document href='"
                + home.resolve("written.xml").toUri() + "'><out/></xsl:result-document></xsl:template>");
        assertThatExceptionOfType(HubFailure.class).isThrownBy(() -> transform("<in/>"));
        assertThat(home.resolve("written.xml")).doesNotExist();
    }

    @Test
    void showsNeitherEnvironmentNorSystemProperties() throws IOException {
        write("<xsl:template match='/'><out>[{environment-variable('PATH')}{available-environment-variables()}"
                + "{system-property('user.home')}]</out></xsl:template>");
        assertThat(transform("<in/>")).endsWith("<out>[]</out>");
    }

    @Test
    void refusesADoctypeInTheAnswerInAStylesheetAndInATable() throws IOException {
        write("<xsl:template match='/'><out>{.}{doc('code-tables.xml')}</out></xsl:template>");
        assertThatExceptionOfType(HubFailure.class)
                .isThrownBy(() -> transform("<!DOCTYPE in [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><in>&x;</in>"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.ANSWER_UNREADABLE));

        Files.writeString(
                folder.resolve("code-tables.xml"),
                "<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><code-tables>&x;</code-tables>");
        assertThatExceptionOfType(HubFailure.class)
                .isThrownBy(() -> transform("<in/>"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.MAPPING_FAILED));
        assertThat(CodeTables.read(folder.resolve("code-tables.xml")).faults()).isNotEmpty();

        Files.writeString(stylesheet, "<!DOCTYPE xsl:stylesheet [<!ENTITY x 'y'>]>" + Files.readString(stylesheet));
        assertThat(new Stylesheets(home).check(stylesheet)).hasSize(1);
    }

    @Test
    void turnsATerminatingMessageIntoItsCode() throws IOException {
        write("<xsl:template match='/'><xsl:message terminate='yes' error-code='unknown_code'>table 'x' has\n"
                + " no row for code 'Y'</xsl:message></xsl:template>");
        assertThatExceptionOfType(HubFailure.class)
                .isThrownBy(() -> transform("<in/>"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.UNKNOWN_CODE))
                .satisfies(e -> assertThat(e.detail()).isEqualTo("table 'x' has no row for code 'Y'"));
    }

    @Test
    void tellsPlaceAndCodeOfAnyOtherFaultButNoValue() throws IOException {
        write("<xsl:template match='/'>\n<out>{xs:date(string(.))}</out></xsl:template>");
        assertThatExceptionOfType(HubFailure.class)
                .isThrownBy(() -> transform("<in>Testi Maija</in>"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.MAPPING_FAILED))
                .satisfies(e -> assertThat(e.detail()).isEqualTo("mappings/registers/probe/to-elmo.xsl:2 FORG0001"))
                .satisfies(e -> assertThat(e).hasNoCause());
    }

    @Test
    void namesEveryCompileFaultWithFileAndLine() throws IOException {
        write("<xsl:template match='/'>\n<xsl:value-of select='1 +'/>\n<xsl:nonsense/></xsl:template>");
        assertThat(new Stylesheets(home).check(stylesheet))
                .extracting(StylesheetFault::line)
                .contains(2, 3);
    }

    @Test
    void namesThePlaceWhereAStylesheetIsNotWellFormed() throws IOException {
        Files.writeString(stylesheet, "<xsl:stylesheet version=\"3.0\"\n    xmlns:xsl=\"x\">\n</xsl:stylesheet");

        assertThat(new Stylesheets(home).check(stylesheet))
                .singleElement()
                .satisfies(fault -> assertThat(fault.file().toString())
                        .endsWith(stylesheet.getFileName().toString()))
                .extracting(StylesheetFault::line)
                .isEqualTo(3);
    }

    @Test
    void takesUpAChangedStylesheetAndAChangedTable() throws IOException {
        Stylesheets stylesheets = new Stylesheets(home);
        write("<xsl:template match='/'><out>{count(doc('code-tables.xml')//row)}</out></xsl:template>");
        String first = stylesheets.compile(stylesheet).version();
        assertThat(transform(stylesheets, "<in/>")).endsWith("<out>0</out>");

        Files.writeString(
                folder.resolve("code-tables.xml"),
                "<code-tables><table name='t'><row code='1'/></table></code-tables>");
        assertThat(transform(stylesheets, "<in/>")).endsWith("<out>1</out>");
        assertThat(stylesheets.compile(stylesheet).version()).isNotEqualTo(first);

        write("<xsl:template match='/'><out>new</out></xsl:template>");
        assertThat(transform(stylesheets, "<in/>")).endsWith("<out>new</out>");
    }

    @Test
    void keepsTheVersionWhenOnlySamplesChange() throws IOException {
        Stylesheets stylesheets = new Stylesheets(home);
        write("<xsl:template match='/'><out/></xsl:template>");
        String first = stylesheets.compile(stylesheet).version();
        Files.createDirectories(folder.resolve("samples/one"));
        Files.writeString(folder.resolve("samples/one/input.xml"), "<in/>");
        Files.writeString(folder.resolve("README.md"), "text");
        assertThat(stylesheets.compile(stylesheet).version()).isEqualTo(first);
    }

    @Test
    void startsWithoutInputAndConvertsParameters() throws IOException {
        write("<xsl:param name='limit' as='xs:integer'/>"
                + "<xsl:template match='/'><out>{$limit + 1}</out></xsl:template>");
        assertThat(new String(
                        new Stylesheets(home).transform(stylesheet, null, Map.of("limit", "41", "undeclared", "x")),
                        StandardCharsets.UTF_8))
                .endsWith("<out>42</out>");
    }

    private String transform(String input) {
        return transform(new Stylesheets(home), input);
    }

    private String transform(Stylesheets stylesheets, String input) {
        return new String(
                stylesheets.transform(stylesheet, input.getBytes(StandardCharsets.UTF_8), Map.of()),
                StandardCharsets.UTF_8);
    }

    private void write(String content) throws IOException {
        Files.writeString(stylesheet, sheet(content));
    }

    private static String sheet(String content) {
        return "<xsl:stylesheet version='3.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform' expand-text='yes'"
                + " xmlns:xs='http://www.w3.org/2001/XMLSchema' exclude-result-prefixes='#all'>" + content
                + "</xsl:stylesheet>";
    }
}
