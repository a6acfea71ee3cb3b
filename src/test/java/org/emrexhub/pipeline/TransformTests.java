package org.emrexhub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.delivery.ItemResult;
import org.emrexhub.delivery.ItemResult.Said;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.kit.NewFolder;
import org.emrexhub.mapping.MappingFolder.Format;
import org.emrexhub.mapping.Stylesheets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.FileSystemUtils;

/** The stylesheets with which a new target is asked, and its answers are read, as the kit writes them. */
class TransformTests {

    private static final List<Map<String, String>> ITEMS = List.of(
            Map.of("ref", "2", "creditKey", "k2", "version", "v", "targetId", "emrex-k2"),
            Map.of("ref", "5", "creditKey", "k5", "version", "v", "targetId", "emrex-k5"));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path home;

    private static Transform transform;

    @BeforeAll
    static void write() throws IOException {
        FileSystemUtils.copyRecursively(Path.of("mappings/elmo"), home.resolve("mappings/elmo"));
        NewFolder.sis(home, "new-sis", Format.JSON, true, true);
        NewFolder.sis(home, "xml-sis", Format.XML, true, true);
        transform = new Transform(new Stylesheets(home), new Catalog(home, List.of(), List.of()));
    }

    @Test
    void saysOfEachItemWhatTheTargetSaidOfIt() {
        Map<String, ItemResult> results = read("""
                {"results": [{"id": "emrex-k5", "state": "refused", "reason": "too_old"}, {"id": "emrex-k2", "state": "known"}]}""");

        assertThat(results)
                .isEqualTo(Map.of(
                        "2", new ItemResult(Said.DUPLICATE, null, "emrex-k2"),
                        "5", new ItemResult(Said.REJECTED, "too_old", "emrex-k5")));
    }

    @Test
    void leavesOutWhatTheTargetDidNotSpeakOf() {
        assertThat(read("""
                {"results": [{"id": "emrex-k2", "state": "stored"}, {"id": "somebody else's", "state": "stored"}]}""")).containsOnlyKeys("2");
    }

    @Test
    void doesNotKnowWhatHappenedIfTheAnswerIsNotUnderstood() {
        assertThat(code("sis", "{\"results\": [{\"id\": \"emrex-k2\", \"state\": \"pondering\"}]}"))
                .isEqualTo(FailureCode.SIS_ANSWER_UNREADABLE);
        assertThat(code("sis", "<html/>")).isEqualTo(FailureCode.SIS_ANSWER_UNREADABLE);
        assertThat(code("sis", "")).isEqualTo(FailureCode.SIS_ANSWER_UNREADABLE);
        assertThat(code("register", "<html/>")).isEqualTo(FailureCode.ANSWER_UNREADABLE);
    }

    @Test
    void readsTheSameOutOfXml() {
        Exchange exchange = exchange("sis", """
                <results><result id="emrex-k5" state="refused" reason="too_old"/><result id="emrex-k2" state="known"/></results>""");
        transform.apply("routes/sis/xml-sis/answer.xsl", exchange);

        assertThat(TargetAnswer.read(exchange.getMessage().getBody(byte[].class), false))
                .isEqualTo(Map.of(
                        "2", new ItemResult(Said.DUPLICATE, null, "emrex-k2"),
                        "5", new ItemResult(Said.REJECTED, "too_old", "emrex-k5")));
    }

    @Test
    void asksWhatIsThere() {
        Exchange json = exchange("sis", "");
        transform.apply("routes/sis/new-sis/which.xsl", json);
        Exchange xml = exchange("sis", "");
        transform.apply("routes/sis/xml-sis/which.xsl", xml);

        assertThat(text(json)).isEqualTo("{\"ids\":[\"emrex-k2\",\"emrex-k5\"]}");
        assertThat(text(xml)).endsWith("<search><id>emrex-k2</id><id>emrex-k5</id></search>");
    }

    @Test
    void takesWhatIsThere() {
        Exchange json = exchange("sis", "{\"found\": [\"emrex-k5\", \"another\"]}");
        transform.applyToJson("routes/sis/new-sis/there.xsl", json);
        Exchange xml = exchange("sis", "<found><id>emrex-k5</id><id>another</id></found>");
        transform.apply("routes/sis/xml-sis/there.xsl", xml);

        for (Exchange exchange : List.of(json, xml)) {
            assertThat(TargetAnswer.read(exchange.getMessage().getBody(byte[].class), true))
                    .isEqualTo(Map.of("5", new ItemResult(Said.ACCEPTED, null, "emrex-k5")));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"people\": [{\"id\": \"t-1\", \"number\": \"S1\", \"born\": \"2001-03-04\"}]} |"
                        + " <people><person id='t-1' number='S1' born='2001-03-04'/></people> | ",
                "{\"people\": [{\"id\": \"t-0\", \"number\": \"S12\", \"born\": \"2001-03-04\"}, {\"id\": \"t-1\", \"number\": \"S1\", \"born\": \"2001-03-04\"}]} |"
                        + " <people><person id='t-0' number='S12' born='2001-03-04'/><person id='t-1' number='S1' born='2001-03-04'/></people> | ",
                "{\"people\": [{\"id\": \"t-1\", \"number\": \"S1\", \"born\": \"2001-03-05\"}]} |"
                        + " <people><person id='t-1' number='S1' born='2001-03-05'/></people> | target_person_unknown",
                "{\"people\": [{\"id\": \"t-1\", \"number\": \"S1\"}]} |"
                        + " <people><person id='t-1' number='S1'/></people> | target_person_unknown",
                "{\"people\": []} |" + " <people/> | target_person_unknown",
                "{\"people\": [{\"id\": \"t-1\", \"number\": \"S1\"}, {\"id\": \"t-2\", \"number\": \"S1\"}]} |"
                        + " <people><person id='t-1' number='S1'/><person id='t-2' number='S1'/></people> | target_person_unknown",
                "{} | <html/> | sis_answer_unreadable"
            })
    void takesTheOnePersonWhoFits(String json, String xml, @Nullable String code) {
        Exchange one = exchange("sis", json);
        Exchange other = exchange("sis", xml);
        for (Exchange exchange : List.of(one, other)) {
            exchange.setVariable("identifier", "S1");
            exchange.setVariable("birthDate", "2001-03-04");
        }

        assertThat(person(() -> transform.applyToJson("routes/sis/new-sis/person.xsl", one), one))
                .isEqualTo(code == null ? "t-1" : code);
        assertThat(person(() -> transform.apply("routes/sis/xml-sis/person.xsl", other), other))
                .isEqualTo(code == null ? "t-1" : code);
    }

    @Test
    void setsAVariableOutOfTheOthersAndLeavesTheBody() throws IOException {
        Files.writeString(home.resolve("routes/sis/new-sis/address.xsl"), """
                <xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" expand-text="yes">
                  <xsl:output method="text"/>
                  <xsl:param name="items"/>
                  <xsl:param name="person"/>
                  <xsl:param name="httpStatus"/>
                  <xsl:template match="/">
                    /people/{$person}/credits/{parse-json($items)?1?targetId}?after={$httpStatus}
                  </xsl:template>
                </xsl:stylesheet>""");
        Exchange exchange = exchange("sis", "payload");
        exchange.setVariable("person", "t-42");
        exchange.setVariable("httpStatus", 201);

        transform.set("url", "routes/sis/new-sis/address.xsl", exchange);

        assertThat(exchange.getVariable("url")).isEqualTo("/people/t-42/credits/emrex-k2?after=201");
        assertThat(text(exchange)).isEqualTo("payload");
    }

    private static String person(Runnable reading, Exchange exchange) {
        try {
            reading.run();
            return text(exchange);
        } catch (HubFailure failure) {
            return failure.code().wireName();
        }
    }

    private static String text(Exchange exchange) {
        return new String(exchange.getMessage().getBody(byte[].class), StandardCharsets.UTF_8);
    }

    private static FailureCode code(String party, String answer) {
        Exchange exchange = exchange(party, answer);
        HubFailure[] failure = new HubFailure[1];
        assertThatThrownBy(() -> transform.applyToJson("routes/sis/new-sis/answer.xsl", exchange))
                .isInstanceOfSatisfying(HubFailure.class, thrown -> failure[0] = thrown);
        return failure[0].code();
    }

    private static Map<String, ItemResult> read(String answer) {
        Exchange exchange = exchange("sis", answer);
        transform.applyToJson("routes/sis/new-sis/answer.xsl", exchange);
        return TargetAnswer.read(exchange.getMessage().getBody(byte[].class), false);
    }

    private static Exchange exchange(String party, String answer) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setVariable("party", party);
        exchange.setVariable("items", ITEMS);
        exchange.getMessage().setBody(answer.getBytes(StandardCharsets.UTF_8));
        return exchange;
    }
}
