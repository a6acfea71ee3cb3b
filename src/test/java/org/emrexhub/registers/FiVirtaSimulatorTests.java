package org.emrexhub.registers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.Assembly;
import org.emrexhub.mapping.MappingFolder;
import org.emrexhub.mapping.MappingResult;
import org.emrexhub.mapping.RegisterMapping;
import org.emrexhub.mapping.Stylesheets;
import org.emrexhub.pipeline.http.TimeLeft;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The invented learners of the simulated VIRTA, asked by the real pull and mapped by the real mapping. */
class FiVirtaSimulatorTests {

    private static final Path HOME = Path.of("").toAbsolutePath();
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    @BeforeAll
    static void start() throws Exception {
        CAMEL.getRegistry().bind("transform", new Transform());
        CAMEL.getRegistry().bind("timeLeft", new TimeLeft());
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "emrexhub.registers.fi-virta.url", "http://127.0.0.1/",
                "emrexhub.registers.fi-virta.system", "",
                "emrexhub.registers.fi-virta.user", "",
                "emrexhub.registers.fi-virta.key", "salaisuus"));
        CAMEL.getPropertiesComponent().setInitialProperties(settings);
        try (Stream<Path> files = Files.list(HOME.resolve("routes/registers/fi-virta"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".camel.yaml")).toList()) {
                PluginHelper.getRoutesLoader(CAMEL).loadRoutes(ResourceHelper.resolveResource(CAMEL, "file:" + file));
            }
        }
        PluginHelper.getRoutesLoader(CAMEL)
                .loadRoutes(ResourceHelper.resolveResource(CAMEL, "file:routes/shared/time-left.camel.yaml"));
        // In place of the network: what is sent reaches the simulator as it is.
        CAMEL.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:shared-http-call")
                        .to("direct:simulator")
                        .setVariable("httpStatus", simple("${header.CamelHttpResponseCode}"))
                        .removeHeaders("*");
            }
        });
        AdviceWith.adviceWith(CAMEL, "register-fi-virta-simulator", route -> route.replaceFromWith("direct:simulator"));
        CAMEL.start();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "170599-902M, Esimerkki, 6, 0",
        "240295-903R, Koivunen-Esimerkki, 9, 1",
        "010203A9046, Asteikko, 4, 0",
        "310190-9057, Suoritukseton, 0, 0",
        "121299-9066, Moniopisto, 2, 1"
    })
    void mapsEveryLearner(String code, String familyName, int mapped, int skipped) {
        MappingResult result = map(pull("nationalIdentifier", code));

        assertThat(result.mapped()).hasSize(mapped);
        assertThat(result.skipped()).hasSize(skipped);
        assertThat(new String(result.xml(), StandardCharsets.UTF_8))
                .contains("familyName>" + familyName + "<")
                .contains(">" + code + "<");
    }

    @Test
    void knowsALearnerByTheNationalLearnerId() {
        assertThat(map(pull("nationalLearnerId", "1.2.246.562.24.90000000902")).mapped())
                .hasSize(6);
    }

    @Test
    void doesNotKnowAStranger() {
        assertThat(code(pull("nationalIdentifier", "050588-9077"))).isEqualTo("learner_not_found");
    }

    @Test
    void refusesAnotherKey() {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getMessage().setBody("""
                <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
                <OpiskelijanKaikkiTiedotRequest xmlns="http://tietovaranto.csc.fi/luku"><Kutsuja><avain>väärä</avain>
                </Kutsuja></OpiskelijanKaikkiTiedotRequest></soap:Body></soap:Envelope>""");

        CAMEL.createProducerTemplate().send("direct:simulator", exchange);

        assertThat(exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class))
                .isEqualTo(500);
        assertThat(exchange.getMessage().getBody(String.class))
                .contains("avain")
                .doesNotContain("salaisuus");
    }

    /** The README's walk takes this row out of the table, and only this learner must fail. */
    @Test
    void hasOneLearnerAloneWithTheGradeOfTheWalk() {
        assertThat(List.of("170599-902M", "010203A9046", "310190-9057", "121299-9066"))
                .allSatisfy(code ->
                        assertThat(body(pull("nationalIdentifier", code))).doesNotContain("Tutkielma"));
        assertThat(body(pull("nationalIdentifier", "240295-903R"))).contains("<virta:Tutkielma>E</virta:Tutkielma>");
    }

    /** Tampere University and Tampere University of Applied Sciences share a domain, and are two issuers. */
    @Test
    void keepsTwoInstitutionsOfOneDomainApart() {
        String learner = body(pull("nationalIdentifier", "121299-9066"))
                .replace(">02509<", ">10122<")
                .replace(">10065<", ">02630<")
                .replace("<virta:Rooli>3<", "<virta:Rooli>1<");
        Stylesheets stylesheets = new Stylesheets(HOME);
        MappingResult result = map(learner.getBytes(StandardCharsets.UTF_8));

        byte[] elmo = new Assembly(stylesheets)
                .assemble(
                        new Assembly.Request(
                                List.of(new Assembly.Identifier("nationalIdentifier", "121299-9066")), "A", "B", null),
                        List.of(Assembly.Source.of("fi-virta", result)),
                        List.of(),
                        Instant.parse("2026-01-15T12:00:00Z"))
                .elmo();

        assertThat(new String(elmo, StandardCharsets.UTF_8))
                .contains(">Tampere University<")
                .contains(">Tampere University of Applied Sciences<");
    }

    private static Exchange pull(String type, String identifier) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.setVariable("identifierType", type);
        exchange.setVariable("identifier", identifier);
        exchange.setVariable("timeout", 20_000L);
        return CAMEL.createProducerTemplate().send("direct:register-fi-virta-pull", exchange);
    }

    private static MappingResult map(Exchange pulled) {
        assertThat(pulled.getException()).isNull();
        return map(pulled.getMessage().getBody(byte[].class));
    }

    private static MappingResult map(byte[] answer) {
        MappingFolder mapping = new MappingFolder(
                HOME.resolve("mappings/registers/fi-virta"),
                MappingFolder.Format.XML,
                "//virta:Opintosuoritus",
                "concat(virta:Myontaja, '/', @avain)",
                Map.of("virta", "urn:mace:funet.fi:virta/2015/09/01"));
        return new RegisterMapping(new Stylesheets(HOME)).map(mapping, answer, Map.of("today", "2026-01-15"));
    }

    private static String body(Exchange exchange) {
        return new String(exchange.getMessage().getBody(byte[].class), StandardCharsets.UTF_8);
    }

    private static String code(Exchange exchange) {
        HubFailure failure = exchange.getException(HubFailure.class);
        return failure == null ? "none" : failure.code().wireName();
    }
}
