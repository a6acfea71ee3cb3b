package org.emrexhub.spine;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** VIRTA and Sisu as far as the hub can see them: their addresses, and whatever a test makes them answer. */
final class OutsideWorld implements AutoCloseable {

    private static final String VIRTA = "/luku106/OpiskelijanTiedot";
    private static final String SISU = "/ori/api/attainments/v1/import";
    private static final Path LEARNERS = Path.of("routes/registers/fi-virta/simulator");

    private final WireMockServer server =
            new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1").containerThreads(64));

    OutsideWorld() {
        server.start();
        recover();
    }

    /** The settings of a hub that asks here. */
    String[] settings() {
        return new String[] {
            "emrexhub.registers.fi-virta.url=" + virtaUrl(), "emrexhub.sis.sisu.url=" + server.baseUrl()
        };
    }

    /** The settings of the newcomers' register and target, if they are asked here too. */
    List<String> newcomers() {
        return List.of(
                "emrexhub.registers.zz-campus.url=" + baseUrl(),
                "emrexhub.registers.zz-campus.username=hub",
                "emrexhub.registers.zz-campus.password=secret",
                "emrexhub.sis.zz-archive.url=" + baseUrl());
    }

    String virtaUrl() {
        return server.baseUrl() + VIRTA;
    }

    String sisuUrl() {
        return server.baseUrl();
    }

    String baseUrl() {
        return server.baseUrl();
    }

    WireMockServer server() {
        return server;
    }

    /** Both systems are well again, and nothing was ever asked. */
    void recover() {
        server.resetAll();
        virta(TransferRequest.KAARLO, envelope(answer("kaarlo-koivunen.xml")));
        virta(TransferRequest.LIISA, envelope(answer("liisa-moniopisto.xml")));
        virta(TransferRequest.MAIJA, envelope(answer("maija-esimerkki.xml")));
        sisu(ok());
    }

    /** What VIRTA answers when it is asked for all that it has of anybody. */
    void virta(ResponseDefinitionBuilder answer) {
        virta("", answer);
    }

    private void virta(String learner, ResponseDefinitionBuilder answer) {
        server.stubFor(post(urlEqualTo(VIRTA))
                .withRequestBody(containing("OpiskelijanKaikkiTiedotRequest"))
                .withRequestBody(containing(learner))
                .willReturn(answer));
    }

    /** What Sisu answers to every import. */
    void sisu(ResponseDefinitionBuilder answer) {
        server.stubFor(anyImport().willReturn(answer));
    }

    /** Sisu refuses every array with this text in it, as it does if one attainment breaks a rule. */
    void sisuRefuses(String text) {
        server.stubFor(anyImport()
                .withRequestBody(containing(text))
                .willReturn(aResponse().withStatus(422)));
    }

    private static MappingBuilder anyImport() {
        return post(urlEqualTo(SISU));
    }

    /** The ids of each array that Sisu was sent, in the order of the requests, with the status that it answered. */
    List<Import> imports() {
        return server.getAllServeEvents().stream()
                .filter(event -> event.getRequest().getUrl().equals(SISU))
                .sorted(Comparator.comparing(event -> event.getRequest().getLoggedDate()))
                .map(event ->
                        new Import(ids(event.getRequest()), event.getResponse().getStatus()))
                .toList();
    }

    record Import(List<String> ids, int status) {}

    private static List<String> ids(LoggedRequest request) {
        List<String> ids = new ArrayList<>();
        try {
            RunningHub.JSON
                    .readTree(request.getBody())
                    .forEach(attainment -> ids.add(attainment.path("id").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ids;
    }

    static String answer(String learner) {
        try {
            return "<luku:OpiskelijanKaikkiTiedotResponse>"
                    + Files.readString(LEARNERS.resolve(learner)).replaceFirst("<\\?xml[^>]*>", "")
                    + "</luku:OpiskelijanKaikkiTiedotResponse>";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ResponseDefinitionBuilder envelope(String body) {
        return aResponse()
                .withHeader("Content-Type", "text/xml; charset=utf-8")
                .withBody("<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'"
                        + " xmlns:luku='http://tietovaranto.csc.fi/luku'"
                        + " xmlns:virta='urn:mace:funet.fi:virta/2015/09/01'><soap:Header/><soap:Body>" + body
                        + "</soap:Body></soap:Envelope>");
    }

    static ResponseDefinitionBuilder fault(String text) {
        return envelope("<soap:Fault><faultcode>soap:Server</faultcode><faultstring>" + text
                        + "</faultstring></soap:Fault>")
                .withStatus(500);
    }

    @Override
    public void close() {
        server.stop();
    }
}
