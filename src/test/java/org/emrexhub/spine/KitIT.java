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

    private static final String PULL = "routes/registers/new-rest/pull.camel.yaml";
    private static final String MAPPING = "mappings/registers/new-rest/to-elmo.xsl";

    private static HomeCopy home;
    private static RunningHub hub;

    @BeforeAll
    static void start(@TempDir Path temp) throws IOException {
        home = HomeCopy.in(temp.resolve("home"));
        NewFolder.register(home.path(), "new-rest", Mechanism.REST, Format.JSON);
        NewFolder.register(home.path(), "new-xml", Mechanism.REST, Format.XML);
        NewFolder.register(home.path(), "new-soap", Mechanism.SOAP, Format.XML);
        NewFolder.register(home.path(), "new-sql", Mechanism.SQL, Format.JSON);
        NewFolder.sis(home.path(), "new-sis");
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
        for (String register : List.of("new-rest", "new-xml", "new-soap", "new-sql")) {
            JsonNode details = hub.await(hub.transfer(newcomer(register, "S1234567")), "DELIVERED");

            assertThat(details.path("sources").get(0).path("mapped").asInt()).as(register).isEqualTo(1);
            assertThat(details.path("sources").get(0).path("skipped").asInt()).as(register).isEqualTo(1);
            assertThat(details.path("items")).as(register).hasSize(1);
        }
    }

    @Test
    void tellsWhomTheNewRegistersDoNotKnow() {
        for (String register : List.of("new-rest", "new-xml", "new-soap", "new-sql")) {
            String id = hub.transfer(newcomer(register, "T7654321"));

            assertThat(hub.await(id, "DEAD_LETTERED").path("failure").path("code").asText())
                    .as(register)
                    .isEqualTo("learner_not_found");
        }
    }

    @Test
    void takesAnEditedRouteAndKeepsTheLastOneThatRan(CapturedOutput output) throws IOException {
        String whole = home.edit(PULL, "expression: learner_not_found", "expression: nothing_to_transfer");
        Awaitility.await("the edited route")
                .atMost(Duration.ofSeconds(60))
                .until(() -> output.getAll().contains("pull.camel.yaml was edited and runs"));
        String id = hub.transfer(newcomer("new-rest", "T0000001"));
        JsonNode edited = hub.await(id, "DEAD_LETTERED");

        home.edit(PULL, "name: failure", "nam: failure");
        Awaitility.await("the refusal")
                .atMost(Duration.ofSeconds(60))
                .until(() -> output.getAll().contains("What ran before goes on."));
        JsonNode kept = hub.await(hub.transfer(newcomer("new-rest", "T0000002")), "DEAD_LETTERED");
        home.restore(PULL, whole);

        assertThat(edited.path("failure").path("code").asText()).isEqualTo("nothing_to_transfer");
        assertThat(kept.path("failure").path("code").asText()).isEqualTo("nothing_to_transfer");
        assertThat(output.getAll()).containsPattern("pull\\.camel\\.yaml:\\d+: 'nam' is nothing that Camel knows");
    }

    @Test
    void mapsByTheLastSoundStylesheetWhileAnEditIsBroken(CapturedOutput output) throws IOException {
        String whole = home.edit(MAPPING, "<type>Course</type>", "<type>Course</tpye>");
        Awaitility.await("the refusal")
                .atMost(Duration.ofSeconds(60))
                .until(() -> output.getAll().contains("what it was before goes on"));

        JsonNode details = hub.await(hub.transfer(newcomer("new-rest", "S1234567")), "DELIVERED");
        home.restore(MAPPING, whole);

        assertThat(details.path("sources").get(0).path("mapped").asInt()).isEqualTo(1);
        assertThat(output.getAll()).containsPattern("to-elmo\\.xsl:\\d+: ");
    }

    private static TransferRequest newcomer(String register, String number) {
        return new TransferRequest(
                "new-sis", List.of(register), "studentNumber", number, "2001-03-04", "person-" + register, false, "");
    }
}
