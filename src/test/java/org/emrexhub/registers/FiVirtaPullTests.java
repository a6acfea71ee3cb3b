package org.emrexhub.registers;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingXPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.matching.StringValuePattern;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.pipeline.http.TimeLeft;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** What the pull of VIRTA makes of every kind of answer, over a real socket. */
class FiVirtaPullTests {

    private static final String HETU = "170599-902M";
    private static final Path ROUTES = Path.of("routes/registers/fi-virta").toAbsolutePath();
    private static final WireMockServer VIRTA =
            new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
    private static final AnnotationConfigApplicationContext HTTP = new AnnotationConfigApplicationContext();

    @BeforeAll
    static void start() throws Exception {
        VIRTA.start();
        HTTP.scan("org.emrexhub.pipeline.http");
        HTTP.refresh();
        for (String bean : List.of("httpCall", "httpCallClient")) {
            CAMEL.getRegistry().bind(bean, HTTP.getBean(bean));
        }
        CAMEL.getRegistry().bind("transform", new Transform());
        CAMEL.getRegistry().bind("timeLeft", new TimeLeft());
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "emrexhub.registers.fi-virta.url", VIRTA.baseUrl() + "/luku106/OpiskelijanTiedot",
                "emrexhub.registers.fi-virta.system", "EMREX & <hub>",
                "emrexhub.registers.fi-virta.user", "",
                "emrexhub.registers.fi-virta.key", "salaisuus"));
        CAMEL.getPropertiesComponent().setInitialProperties(settings);
        try (Stream<Path> files = Files.list(ROUTES)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".camel.yaml")
                            && !f.getFileName().toString().startsWith("simulator"))
                    .toList()) {
                load(file);
            }
        }
        load(Path.of("routes/shared/http-call.camel.yaml"));
        load(Path.of("routes/shared/time-left.camel.yaml"));
        CAMEL.start();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
        HTTP.close();
        VIRTA.stop();
    }

    @BeforeEach
    void forget() {
        VIRTA.resetAll();
    }

    @Test
    void asksForAttainmentsAndThenForNames() {
        answerAttainments(ok(attainments("10089")));
        answerNames("10089", ok(names("Esimerkki")));

        Exchange exchange = pull(HETU, 5_000);

        assertThat(outcome(exchange)).isNull();
        assertThat(body(exchange))
                .startsWith("<?xml")
                .contains("OpiskelijanKaikkiTiedotResponse")
                .contains("OpiskelijanTiedotResponse")
                .contains("<virta:Sukunimi>Esimerkki</virta:Sukunimi>");
        LoggedRequest request = requests().get(0);
        assertThat(request.getHeader("SOAPAction")).isEqualTo("\"\"");
        assertThat(request.getHeader("Content-Type")).isEqualToIgnoringCase("text/xml; charset=utf-8");
        assertThat(request.getBodyAsString())
                .contains("<henkilotunnus>" + HETU + "</henkilotunnus>")
                .contains("<jarjestelma>EMREX &amp; &lt;hub&gt;</jarjestelma>")
                .contains("<tunnus/>")
                .contains("<avain>salaisuus</avain>")
                .doesNotContain("<organisaatio>");
        assertThat(exchange.getVariables()).doesNotContainKey("key");
        assertThat(exchange.getMessage().getHeaders()).isEmpty();
    }

    @Test
    void asksByTheNationalLearnerId() {
        answerAttainments(ok(attainments()));

        Exchange exchange = pull("nationalLearnerId", "1.2.246.562.24.90000000902", 5_000);

        assertThat(outcome(exchange)).isNull();
        assertThat(requests().get(0).getBodyAsString())
                .contains("<kansallinenOppijanumero>1.2.246.562.24.90000000902</kansallinenOppijanumero>")
                .doesNotContain("henkilotunnus");
    }

    @Test
    void asksEachInstitutionOnceUntilOneNamesTheLearner() {
        answerAttainments(ok(attainments("02509", "10065", "02509", "UK", "10122")));
        answerNames("02509", ok(names(null)));
        answerNames("10065", ok(names("Moniopisto")));
        answerNames("10122", ok(names("Toinen")));

        Exchange exchange = pull(HETU, 5_000);

        assertThat(outcome(exchange)).isNull();
        assertThat(asked()).containsExactly("02509", "10065");
        assertThat(body(exchange)).contains("Moniopisto").doesNotContain("Toinen");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 401, 404, 500, 503})
    void goesOnWithoutNamesWhereTheQuestionIsRefused(int status) {
        answerAttainments(ok(attainments("10089")));
        answerNames(
                "10089",
                aResponse()
                        .withStatus(status)
                        .withBody("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><x>&e; " + HETU + "</x>"));

        Exchange exchange = pull(HETU, 5_000);

        assertThat(outcome(exchange)).isNull();
        assertThat(body(exchange))
                .contains("<virta:Myontaja>10089</virta:Myontaja>")
                .doesNotContain("Sukunimi");
    }

    @Test
    void keepsTheAttainmentsWhenTheTimeForNamesIsUp() {
        answerAttainments(ok(attainments("10089", "10122", "10065")));
        for (String institution : List.of("10089", "10122", "10065")) {
            answerNames(institution, ok(names(null)).withFixedDelay(700));
        }

        Exchange exchange = pull(HETU, 1_000);

        assertThat(outcome(exchange)).isNull();
        assertThat(body(exchange)).contains("<virta:Myontaja>10089</virta:Myontaja>");
        // The question for the attainments, and for two names at most: there was no time for the third.
        assertThat(requests()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void tellsAnUnknownLearner() {
        answerAttainments(
                ok("<luku:OpiskelijanKaikkiTiedotResponse><virta:Virta/>" + "</luku:OpiskelijanKaikkiTiedotResponse>"));

        assertThat(outcome(pull(HETU, 5_000))).isEqualTo("learner_not_found");
        assertThat(requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 500})
    void tellsAFaultAndRepeatsNothingOfIt(int status) {
        answerAttainments(ok(fault("Henkilölle " + HETU + " ei löydy tietoa")).withStatus(status));
        ListAppender<ILoggingEvent> log = listen();

        Exchange exchange = pull(HETU, 5_000);

        assertThat(outcome(exchange)).isEqualTo("register_fault");
        assertThat(detail(exchange)).doesNotContain("902M");
        assertThat(exchange.getMessage().getHeaders().toString()).doesNotContain("902M");
        assertThat(log.list).noneMatch(event -> event.getFormattedMessage().contains("902M"));
    }

    @Test
    void tellsRefusedCredentials() {
        answerAttainments(ok(fault("Kutsujan avain on virheellinen")).withStatus(500));

        assertThat(outcome(pull(HETU, 5_000))).isEqualTo("register_credentials_refused");
    }

    @Test
    void tellsAFaultOfWhatStandsBetween() {
        answerAttainments(aResponse().withStatus(500).withBody("<html>Internal Server Error</html>"));

        assertThat(outcome(pull(HETU, 5_000))).isEqualTo("register_unavailable");
    }

    @Test
    void tellsAnUnavailableRegister() {
        answerAttainments(aResponse().withStatus(503));

        assertThat(outcome(pull(HETU, 5_000))).isEqualTo("register_unavailable");
    }

    @Test
    void tellsATimeOut() {
        answerAttainments(ok(attainments()).withFixedDelay(3_000));

        assertThat(outcome(pull(HETU, 400))).isEqualTo("register_timeout");
    }

    @Test
    void tellsALostConnection() {
        answerAttainments(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));

        assertThat(outcome(pull(HETU, 5_000))).isEqualTo("register_timeout");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html><body>Huoltokatko</body></html>",
                "<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'><soap:Body/></soap:Envelope>",
                "<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'><soap:Body>",
                "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><a>&e;</a>",
                "{\"virta\":1}"
            })
    void tellsAnAnswerThatIsNone(String answer) {
        answerAttainments(aResponse().withStatus(200).withBody(answer));

        assertThat(outcome(pull(HETU, 5_000))).isEqualTo("answer_unreadable");
    }

    private static Exchange pull(String hetu, long timeout) {
        return pull("nationalIdentifier", hetu, timeout);
    }

    private static Exchange pull(String type, String identifier, long timeout) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.setVariable("register", "fi-virta");
        exchange.setVariable("identifierType", type);
        exchange.setVariable("identifier", identifier);
        exchange.setVariable("givenNames", "Testi Maija Elina");
        exchange.setVariable("familyName", "Esimerkki");
        exchange.setVariable("birthDate", "1999-05-17");
        exchange.setVariable("timeout", timeout);
        return CAMEL.createProducerTemplate().send("direct:register-fi-virta-pull", exchange);
    }

    /** The wire code of a pull that failed, by variable or by exception. */
    private static @Nullable String outcome(Exchange exchange) {
        HubFailure failure = exchange.getException(HubFailure.class);
        if (failure != null) {
            return failure.code().wireName();
        }
        assertThat(exchange.getException()).isNull();
        return exchange.getVariable("failure", String.class);
    }

    private static String detail(Exchange exchange) {
        return exchange.getException() + " " + exchange.getVariable("failureDetail");
    }

    private static String body(Exchange exchange) {
        return new String(exchange.getMessage().getBody(byte[].class), StandardCharsets.UTF_8);
    }

    private static List<LoggedRequest> requests() {
        return VIRTA.getAllServeEvents().stream()
                .sorted((a, b) ->
                        a.getRequest().getLoggedDate().compareTo(b.getRequest().getLoggedDate()))
                .map(event -> event.getRequest())
                .toList();
    }

    private static List<String> asked() {
        return requests().stream()
                .map(LoggedRequest::getBodyAsString)
                .filter(body -> body.contains("OpiskelijanTiedotRequest"))
                .map(body -> body.replaceAll("(?s).*<organisaatio>(.*)</organisaatio>.*", "$1"))
                .toList();
    }

    private static void answerAttainments(ResponseDefinitionBuilder answer) {
        VIRTA.stubFor(
                question("//*[local-name()='OpiskelijanKaikkiTiedotRequest']").willReturn(answer));
    }

    private static void answerNames(String institution, ResponseDefinitionBuilder answer) {
        VIRTA.stubFor(question("//*[local-name()='OpiskelijanTiedotRequest'][.//*[local-name()='organisaatio']='"
                        + institution + "']")
                .willReturn(answer));
    }

    private static MappingBuilder question(String xpath) {
        StringValuePattern pattern = matchingXPath(xpath);
        return post(urlEqualTo("/luku106/OpiskelijanTiedot")).withRequestBody(pattern);
    }

    private static ResponseDefinitionBuilder ok(String body) {
        return aResponse()
                .withStatus(200)
                .withHeader("Content-Type", "text/xml; charset=utf-8")
                .withBody("<soap:Envelope xmlns:soap='http://schemas.xmlsoap.org/soap/envelope/'"
                        + " xmlns:luku='http://tietovaranto.csc.fi/luku'"
                        + " xmlns:virta='urn:mace:funet.fi:virta/2015/09/01'><soap:Header/><soap:Body>" + body
                        + "</soap:Body></soap:Envelope>");
    }

    private static String attainments(String... institutions) {
        StringBuilder attainments = new StringBuilder();
        for (int i = 0; i < institutions.length; i++) {
            attainments.append("<virta:Opintosuoritus avain='" + i + "'><virta:Myontaja>" + institutions[i]
                    + "</virta:Myontaja></virta:Opintosuoritus>");
        }
        return "<luku:OpiskelijanKaikkiTiedotResponse><virta:Virta><virta:Opiskelija avain='k'><virta:Henkilotunnus>"
                + HETU + "</virta:Henkilotunnus><virta:Opintosuoritukset>" + attainments
                + "</virta:Opintosuoritukset></virta:Opiskelija></virta:Virta></luku:OpiskelijanKaikkiTiedotResponse>";
    }

    private static String names(@Nullable String familyName) {
        String learner = familyName == null
                ? ""
                : "<virta:Opiskelija avain='k'><virta:Sukunimi>" + familyName
                        + "</virta:Sukunimi><virta:Etunimet>Testi Äijä</virta:Etunimet></virta:Opiskelija>";
        return "<luku:OpiskelijanTiedotResponse><virta:Opiskelijat>" + learner
                + "</virta:Opiskelijat></luku:OpiskelijanTiedotResponse>";
    }

    private static String fault(String text) {
        return "<soap:Fault><faultcode>soap:Server</faultcode><faultstring>" + text + "</faultstring></soap:Fault>";
    }

    private static ListAppender<ILoggingEvent> listen() {
        Logger root = (Logger) LoggerFactory.getLogger("ROOT");
        root.setLevel(Level.INFO);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        return log;
    }

    private static void load(Path route) throws Exception {
        PluginHelper.getRoutesLoader(CAMEL).loadRoutes(ResourceHelper.resolveResource(CAMEL, "file:" + route));
    }
}
