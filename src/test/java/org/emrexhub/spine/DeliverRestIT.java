package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.TransferRequest.MAIJA;
import static org.emrexhub.spine.TransferRequest.UNKNOWN;
import static org.emrexhub.spine.TransferRequest.to;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** A hub that is told to deliver what it has if one register of several fails for good. */
class DeliverRestIT {

    private static final String ELMO = "https://github.com/emrex-eu/elmo-schemas/tree/v1";

    private static RunningHub hub;

    @BeforeAll
    static void start(@TempDir Path data) {
        hub = RunningHub.start(
                data, "emrexhub.transfer.on-failed-register=deliver-rest", "emrexhub.registers.sql-view.row-limit=2");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void deliversTheRestAndSaysEverywhereWhatIsMissing() throws Exception {
        String id = hub.transfer(to("file-drop", MAIJA, "fi-virta", "sql-view"));

        JsonNode details = hub.await(id, "DELIVERED");

        JsonNode failed = details.path("sources").get(1);
        assertThat(failed.path("register").asText()).isEqualTo("sql-view");
        assertThat(failed.path("status").asText()).isEqualTo("FAILED");
        assertThat(failed.path("failureCode").asText()).isEqualTo("row_limit_exceeded");
        assertThat(details.path("timeline").findValuesAsText("type")).contains("source_failed");
        JsonNode report = hub.get("integrator", "/transfers/" + id + "/report").json();
        assertThat(report.path("sources").findValuesAsText("register")).containsExactly("fi-virta");
        assertThat(report.path("missing")).hasSize(1);
        assertThat(report.path("missing").get(0).path("register").asText()).isEqualTo("sql-view");
        assertThat(report.path("missing").get(0).path("code").asText()).isEqualTo("row_limit_exceeded");
        Document elmo =
                parse(hub.get("client", "/transfers/" + id + "/elmo").response().body());
        Element missing = (Element)
                elmo.getElementsByTagNameNS("urn:emrexhub:elmo:1", "missing").item(0);
        assertThat(missing.getAttribute("register")).isEqualTo("sql-view");
        assertThat(transcript(elmo)).contains("Not included, since it could not be asked: SQL view");
    }

    @Test
    void isDeadIfNoRegisterGaveAnything() {
        String id = hub.transfer(to("file-drop", UNKNOWN, "fi-virta", "sql-view"));

        JsonNode dead = hub.await(id, "DEAD_LETTERED");

        assertThat(dead.path("failure").path("code").asText()).isEqualTo("learner_not_found");
        assertThat(dead.path("sources").findValuesAsText("status")).containsExactly("FAILED", "FAILED");
    }

    private static Document parse(byte[] elmo) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(elmo));
    }

    private static String transcript(Document elmo) throws IOException {
        Element attachment =
                (Element) elmo.getElementsByTagNameNS(ELMO, "attachment").item(0);
        String content = attachment
                .getElementsByTagNameNS(ELMO, "content")
                .item(0)
                .getTextContent()
                .strip();
        byte[] pdf = Base64.getDecoder().decode(content.substring(content.indexOf(',') + 1));
        try (PDDocument document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper().getText(document).replaceAll("\\s+", " ");
        }
    }
}
