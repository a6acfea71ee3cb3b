package org.emrexhub.spine;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.notFound;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.emrexhub.spine.TransferRequest.KAARLO;
import static org.emrexhub.spine.TransferRequest.to;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.MappingFolder;
import org.emrexhub.mapping.MappingResult;
import org.emrexhub.mapping.RegisterMapping;
import org.emrexhub.mapping.SisMapping;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xmlunit.assertj3.XmlAssert;

/** A home that an integrator edits: a register and a target that are new, and a code table that is mended. */
class FoldersIT {

    private static final String CREDITS = """
            {"number": "Z12345", "given": "Testi", "family": "Newcomer", "born": "2000-01-02", "credits": [
              {"id": "1", "code": "ART-1", "name": "Drawing", "points": "5.0", "grade": "A", "date": "2025-05-05"},
              {"id": "2", "code": "ART-2", "name": "Painting", "points": "3.0", "grade": "B", "date": "2025-05-06"},
              {"id": "3", "code": "ART-3", "name": "Sculpture", "points": "5.0", "grade": "W", "date": "2025-05-07"}
            ]}""";

    private static final String CAMPUS = "mappings/registers/zz-campus/to-elmo.xsl";
    private static final String EACH_CREDIT =
            "<xsl:apply-templates select=\"$credits[string[@key = 'grade'] != 'W']\" mode=\"learningOpportunitySpecification\"/>";

    private static Path home;
    private static WireMockServer outside;
    private static RunningHub hub;

    @BeforeAll
    static void start(@TempDir Path temp) throws IOException {
        home = temp.resolve("home");
        HomeCopy.in(home).add(Path.of("src/test/resources/newcomers"), home);
        outside = new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
        outside.start();
        hub = RunningHub.start(
                temp.resolve("data"),
                "emrexhub.home=" + home,
                "emrexhub.registers.zz-campus.url=" + outside.baseUrl(),
                "emrexhub.registers.zz-campus.username=hub",
                "emrexhub.registers.zz-campus.password=secret",
                "emrexhub.sis.zz-archive.url=" + outside.baseUrl(),
                "emrexhub.sis.zz-archive.settle=3s");
    }

    @AfterAll
    static void stop() {
        hub.close();
        outside.stop();
    }

    @BeforeEach
    void forget() {
        outside.resetAll();
        outside.stubFor(get(urlEqualTo("/students/Z12345")).willReturn(okJson(CREDITS)));
        outside.stubFor(get(urlEqualTo("/students/Z99999")).willReturn(notFound()));
        outside.stubFor(get(urlMatching("/proposals/.*")).willReturn(okJson("{\"items\":[]}")));
    }

    private static TransferRequest newcomer(String target) {
        return new TransferRequest(
                "zz-archive", List.of("zz-campus"), "studentNumber", "Z12345", "2000-01-02", target, false, "");
    }

    @Test
    void servesARegisterAndATargetThatAreOnlyFolders() {
        outside.stubFor(post("/proposals").willReturn(okJson("""
                        {"items":[{"ref":"1","status":"ACCEPTED","targetId":"p-77"},{"ref":"2","status":"DUPLICATE"}]}""")));

        JsonNode details = hub.await(hub.transfer(newcomer("arc-person-1")), "DELIVERED");

        JsonNode source = details.path("sources").get(0);
        assertThat(source.path("mapped").asInt()).isEqualTo(2);
        assertThat(source.path("skipped").asInt()).isEqualTo(1);
        assertThat(details.path("items").get(0).path("targetId").asText()).isEqualTo("p-77");
        assertThat(details.path("items").get(1).path("outcome").asText()).isEqualTo("DUPLICATE");
        assertThat(hub.get("integrator", "/registers").text()).contains("zz-campus");
    }

    @Test
    void asksTheNewTargetWhatItHasBeforeItSendsAgain() {
        outside.stubFor(post("/proposals")
                .inScenario("lost")
                .willSetStateTo("landed")
                .willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        outside.stubFor(get(urlMatching("/proposals/.*"))
                .inScenario("lost")
                .whenScenarioStateIs("landed")
                .willReturn(okJson(
                        "{\"items\":[{\"ref\":\"1\",\"targetId\":\"p-1\"},{\"ref\":\"2\",\"targetId\":\"p-2\"}]}")));

        JsonNode details = hub.await(hub.transfer(newcomer("arc-person-2")), "DELIVERED");

        assertThat(details.path("items"))
                .allSatisfy(item -> assertThat(item.path("outcome").asText()).isEqualTo("ACCEPTED"));
        outside.verify(1, postRequestedFor(urlEqualTo("/proposals")));
    }

    @Test
    void waitsWithACreditWhileTheLostRequestOfAnotherTransferMayLand() {
        outside.stubFor(post("/proposals").willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        String lost = hub.transfer(newcomer("arc-person-4"));
        Awaitility.await().until(() -> pushes() == 1);

        String other = hub.transfer(newcomer("arc-person-4"));
        Awaitility.await().until(() -> hub.details(other).path("stage").asText().equals("DELIVER"));
        Awaitility.await()
                .during(Duration.ofMillis(1500))
                .atMost(Duration.ofMillis(2500))
                .until(() -> pushes() == 1);
        outside.stubFor(get(urlMatching("/proposals/.*"))
                .willReturn(okJson(
                        "{\"items\":[{\"ref\":\"1\",\"targetId\":\"p-1\"},{\"ref\":\"2\",\"targetId\":\"p-2\"}]}")));

        for (String id : List.of(lost, other)) {
            assertThat(hub.await(id, "DELIVERED").path("items"))
                    .allSatisfy(
                            item -> assertThat(item.path("outcome").asText()).isIn("ACCEPTED", "DUPLICATE"));
        }
        assertThat(pushes()).isEqualTo(1);
    }

    @Test
    void sendsACreditOnceThatADocumentNamesTwice() throws IOException {
        String before = new HomeCopy(home).edit(CAMPUS, EACH_CREDIT, EACH_CREDIT + EACH_CREDIT);
        try {
            accept("1", "2");
            hub.post("operator", "/sis/zz-archive/pause", "");
            List<String> ids = List.of(hub.transfer(newcomer("arc-person-5")), hub.transfer(newcomer("arc-person-5")));
            ids.forEach(id -> Awaitility.await()
                    .until(() -> hub.details(id).path("stage").asText().equals("DELIVER")));
            hub.post("operator", "/sis/zz-archive/resume", "");

            ids.forEach(id -> hub.await(id, "DELIVERED"));

            assertThat(pushed("id")).hasSize(2).doesNotHaveDuplicates();
            outside.resetRequests();
            outside.stubFor(post("/proposals").willReturn(aResponse().withStatus(400)));
            String dead = hub.transfer(newcomer("arc-person-6"));
            hub.await(dead, "DEAD_LETTERED");
            outside.resetRequests();
            accept("1", "2");
            hub.post("operator", "/dead-letters/" + dead + "/replay", "{\"from\":\"MAP\"}");

            JsonNode details = hub.await(dead, "DELIVERED");

            assertThat(pushed("id")).hasSize(2).doesNotHaveDuplicates();
            assertThat(details.path("items"))
                    .extracting(item ->
                            item.path("outcome").asText() + item.path("code").asText())
                    .containsExactly("ACCEPTED", "ACCEPTED", "DUPLICATEcredit_repeated", "DUPLICATEcredit_repeated");
        } finally {
            new HomeCopy(home).restore(CAMPUS, before);
        }
    }

    @Test
    void tellsTheTargetWhichCreditANewOneTakesThePlaceOf() throws IOException {
        outside.stubFor(post("/proposals").willReturn(okJson("""
                        {"items":[{"ref":"1","status":"ACCEPTED"},{"ref":"2","status":"REJECTED","code":"too_old"}]}""")));
        String id = hub.transfer(newcomer("arc-person-7"));
        hub.await(id, "DEAD_LETTERED");
        List<String> first = pushed("id");
        outside.resetRequests();
        accept("1", "2");
        String before = new HomeCopy(home)
                .edit(
                        CAMPUS,
                        "<identifier type=\"local\">{string[@key = 'id']}</identifier>",
                        "<identifier type=\"local\">n-{string[@key = 'id']}</identifier>");
        try {
            hub.post("operator", "/dead-letters/" + id + "/replay", "{\"from\":\"MAP\"}");

            JsonNode details = hub.await(id, "DELIVERED");

            assertThat(pushed("id")).hasSize(2).doesNotContainAnyElementsOf(first);
            assertThat(pushed("insteadOf")).containsExactly(first.get(0));
            assertThat(details.path("items"))
                    .extracting(item -> item.path("ref").asText()
                            + item.path("outcome").asText()
                            + item.path("code").asText())
                    .containsExactly("1ACCEPTED", "1ACCEPTEDsuperseded", "2ACCEPTED");
        } finally {
            new HomeCopy(home).restore(CAMPUS, before);
        }
    }

    private static void accept(String... refs) {
        String items = Stream.of(refs)
                .map(ref -> "{\"ref\":\"" + ref + "\",\"status\":\"ACCEPTED\"}")
                .collect(Collectors.joining(","));
        outside.stubFor(post("/proposals").willReturn(okJson("{\"items\":[" + items + "]}")));
    }

    /** A property of every proposal that was posted. */
    private static List<String> pushed(String property) throws IOException {
        List<String> values = new ArrayList<>();
        for (LoggedRequest request : outside.findAll(postRequestedFor(urlEqualTo("/proposals")))) {
            for (JsonNode proposal : RunningHub.JSON.readTree(request.getBody()).path("proposals")) {
                if (proposal.has(property)) {
                    values.add(proposal.path(property).asText());
                }
            }
        }
        return values;
    }

    private static int pushes() {
        return outside.findAll(postRequestedFor(urlEqualTo("/proposals"))).size();
    }

    @Test
    void tellsWhatTheNewRegisterDoesNotKnow() {
        TransferRequest unknown = newcomer("arc-person-3").by("studentNumber", "Z99999");

        JsonNode dead = hub.await(hub.transfer(unknown), "DEAD_LETTERED");

        assertThat(dead.path("failure").path("code").asText()).isEqualTo("learner_not_found");
    }

    @Test
    void replaysFromTheStoredAnswerOnceTheCodeTableIsMended() throws IOException {
        Path tables = home.resolve("mappings/registers/fi-virta/code-tables.xml");
        String whole = Files.readString(tables);
        String row = whole.lines()
                .filter(line -> line.contains("code=\"Tutkielma/E\""))
                .findFirst()
                .orElseThrow();
        Files.writeString(tables, whole.replace(row, ""));
        String id = hub.transfer(to("file-drop", KAARLO));
        JsonNode dead = hub.await(id, "DEAD_LETTERED");
        Files.writeString(tables, whole);

        hub.post("operator", "/dead-letters/" + id + "/replay", "{\"from\":\"MAP\"}");

        assertThat(dead.path("failure").path("code").asText()).isEqualTo("unknown_code");
        assertThat(dead.path("failure").path("message").asText())
                .contains("grades")
                .contains("Tutkielma/E");
        JsonNode delivered = hub.await(id, "DELIVERED");
        assertThat(delivered.path("attempts"))
                .filteredOn(attempt -> attempt.path("stage").asText().equals("PULL"))
                .hasSize(1);
    }

    @Test
    void turnsTheSamplesOfTheNewFoldersIntoWhatTheyShow() throws IOException {
        Register campus = hub.bean(Catalog.class).register("zz-campus").orElseThrow();
        Path samples = campus.mapping().resolve("samples");
        Path archive = hub.bean(Catalog.class)
                .sis("zz-archive")
                .orElseThrow()
                .mapping()
                .orElseThrow();
        Path delivery = archive.resolve("samples/one-credit");

        byte[] mapped = map(campus, samples.resolve("one-course")).xml();
        byte[] payload = hub.bean(SisMapping.class)
                .payload(archive, Files.readAllBytes(delivery.resolve("input.xml")), Map.of());

        XmlAssert.assertThat(mapped)
                .and(Files.readAllBytes(samples.resolve("one-course/elmo.xml")))
                .ignoreWhitespace()
                .areIdentical();
        assertThatThrownBy(() -> map(campus, samples.resolve("unknown-grade")))
                .asInstanceOf(type(HubFailure.class))
                .extracting(failure -> failure.code().wireName())
                .isEqualTo(Files.readString(samples.resolve("unknown-grade/failure.txt"))
                        .strip());
        assertThat(RunningHub.JSON.readTree(payload))
                .isEqualTo(RunningHub.JSON.readTree(Files.readAllBytes(delivery.resolve("payload.json"))));
    }

    private static MappingResult map(Register register, Path sample) throws IOException {
        MappingFolder folder = new MappingFolder(
                register.mapping(),
                MappingFolder.Format.JSON,
                register.records(),
                register.recordRef(),
                register.namespaces());
        return hub.bean(RegisterMapping.class)
                .map(folder, Files.readAllBytes(sample.resolve("input.json")), register.parameters());
    }
}
