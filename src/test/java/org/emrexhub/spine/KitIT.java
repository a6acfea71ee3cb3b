package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.emrexhub.kit.NewFolder;
import org.emrexhub.kit.NewFolder.Mechanism;
import org.emrexhub.mapping.MappingFolder.Format;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the kit writes, in a hub that runs; and a hub whose home is edited while it runs. */
@ExtendWith(OutputCaptureExtension.class)
class KitIT {

    private static final String PULL = "routes/registers/new-sql/pull.camel.yaml";
    private static final String MAPPING = "mappings/registers/new-soap/to-elmo.xsl";

    private static HomeCopy home;
    private static RunningHub hub;

    @BeforeAll
    static void start(@TempDir Path temp) throws IOException {
        home = HomeCopy.in(temp.resolve("home"));
        NewFolder.register(home.path(), "new-rest", Mechanism.REST, Format.JSON);
        NewFolder.register(home.path(), "new-xml", Mechanism.REST, Format.XML);
        NewFolder.register(home.path(), "new-pages", Mechanism.PAGES, Format.JSON);
        NewFolder.register(home.path(), "new-xml-pages", Mechanism.PAGES, Format.XML);
        NewFolder.register(home.path(), "new-soap", Mechanism.SOAP, Format.XML);
        NewFolder.register(home.path(), "new-sql", Mechanism.SQL, Format.JSON);
        NewFolder.sis(home.path(), "new-sis", Format.JSON, false, false);
        NewFolder.sis(home.path(), "new-json-sis", Format.JSON, true, true);
        NewFolder.sis(home.path(), "new-xml-sis", Format.XML, true, true);
        hub = RunningHub.start(temp.resolve("data"), "emrexhub.home=" + home.path());
    }

    @AfterAll
    static void stop() {
        if (hub != null) {
            hub.close();
        }
    }

    @Test
    void asksEveryNewRegisterAndDeliversToTheNewSystem() {
        for (String register : List.of("new-rest", "new-xml", "new-pages", "new-xml-pages", "new-soap", "new-sql")) {
            JsonNode details = hub.await(hub.transfer(newcomer(register, "S1234567")), "DELIVERED");

            assertThat(details.path("sources").get(0).path("mapped").asInt())
                    .as(register)
                    .isEqualTo(1);
            assertThat(details.path("sources").get(0).path("skipped").asInt())
                    .as(register)
                    .isEqualTo(1);
            assertThat(details.path("items")).as(register).hasSize(1);
        }
    }

    @Test
    void looksTheLearnerUpAndAsksWhatIsThereAtNewSystems() {
        for (String sis : List.of("new-json-sis", "new-xml-sis")) {
            TransferRequest unnamed = new TransferRequest(
                    sis, List.of("new-rest"), "studentNumber", "S1234567", "2001-03-04", "", false, "");
            JsonNode details = hub.await(hub.transfer(unnamed), "DELIVERED");

            JsonNode item = details.path("items").get(0);
            assertThat(item.path("outcome").asText()).as(sis).isIn("ACCEPTED", "DUPLICATE");
            assertThat(hub.received(sis))
                    .as(sis)
                    .hasSize(1)
                    .allSatisfy(received -> assertThat(received.path("id").asText())
                            .isEqualTo(item.path("targetId").asText()));
        }
    }

    @Test
    void knowsACreditHoweverTheRequestNamesThePerson() {
        // The other test may have sent it already.
        assertThat(outcome("new-json-sis", "")).isIn("ACCEPTED", "DUPLICATE");
        assertThat(outcome("new-json-sis", "t-43")).isEqualTo("DUPLICATE");
        assertThat(outcome("new-xml-sis", "t-43")).isIn("ACCEPTED", "DUPLICATE");
        assertThat(outcome("new-xml-sis", "")).isEqualTo("DUPLICATE");

        for (String sis : List.of("new-json-sis", "new-xml-sis")) {
            assertThat(hub.received(sis)).as(sis).hasSize(1);
        }
    }

    private static String outcome(String sis, String targetId) {
        TransferRequest request = new TransferRequest(
                sis, List.of("new-rest"), "studentNumber", "S1234567", "2001-03-04", targetId, false, "");
        return hub.await(hub.transfer(request), "DELIVERED")
                .path("items")
                .get(0)
                .path("outcome")
                .asText();
    }

    @Test
    void tellsWhomTheNewRegistersDoNotKnow() {
        for (String register : List.of("new-rest", "new-xml", "new-pages", "new-xml-pages", "new-soap")) {
            String id = hub.transfer(newcomer(register, "T7654321"));

            assertThat(hub.await(id, "DEAD_LETTERED")
                            .path("failure")
                            .path("code")
                            .asText())
                    .as(register)
                    .isEqualTo("learner_not_found");
        }
    }

    @Test
    void takesAnEditedRouteAndKeepsTheLastOneThatRan(CapturedOutput output) throws IOException {
        String whole = home.edit(PULL, "expression: learner_not_found", "expression: nothing_to_transfer");
        try {
            told(output, "pull.camel.yaml was edited and runs");
            assertThat(failure("T0000001")).isEqualTo("nothing_to_transfer");

            home.edit(PULL, "name: failure", "nam: failure");
            told(output, "What ran before goes on.");
            assertThat(failure("T0000002")).isEqualTo("nothing_to_transfer");
            assertThat(output.getAll()).containsPattern("pull\\.camel\\.yaml:\\d+: 'nam' is nothing that Camel knows");
        } finally {
            home.restore(PULL, whole);
        }
    }

    @Test
    void mapsByTheLastSoundStylesheetWhileAnEditIsBroken(CapturedOutput output) throws IOException {
        String whole = home.edit(MAPPING, "<type>Course</type>", "<type>Course</tpye>");
        try {
            told(output, "what it was before goes on");
            JsonNode details = hub.await(hub.transfer(newcomer("new-soap", "S1234567")), "DELIVERED");

            assertThat(details.path("sources").get(0).path("mapped").asInt()).isEqualTo(1);
            assertThat(output.getAll()).containsPattern("to-elmo\\.xsl:\\d+: ");
        } finally {
            home.restore(MAPPING, whole);
        }
    }

    private static void told(CapturedOutput output, String sentence) {
        Awaitility.await(sentence)
                .atMost(Duration.ofMinutes(2))
                .until(() -> output.getAll().contains(sentence));
    }

    private static String failure(String number) {
        return hub.await(hub.transfer(newcomer("new-sql", number)), "DEAD_LETTERED")
                .path("failure")
                .path("code")
                .asText();
    }

    private static TransferRequest newcomer(String register, String number) {
        return new TransferRequest(
                "new-sis", List.of(register), "studentNumber", number, "2001-03-04", "person-" + register, false, "");
    }
}
