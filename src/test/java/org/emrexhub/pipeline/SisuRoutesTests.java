package org.emrexhub.pipeline;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.BasicCredentials;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sisu's routes against a server that answers as told. */
@SuppressWarnings("NullAway.Init")
class SisuRoutesTests {

    private static final WireMockServer SISU =
            new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
    private static RouteFiles routes;

    @BeforeAll
    static void start() throws Exception {
        SISU.start();
        routes = new RouteFiles(
                Map.of(
                        "emrexhub.sis.sisu.url", SISU.baseUrl(),
                        "emrexhub.sis.sisu.username", "integration_user",
                        "emrexhub.sis.sisu.password", "avain"),
                Map.of(),
                "routes/shared/http-call.camel.yaml",
                "routes/shared/accept-batch.camel.yaml",
                "routes/sis/sisu/resolve.camel.yaml",
                "routes/sis/sisu/push.camel.yaml");
    }

    @AfterAll
    static void stop() {
        routes.close();
        SISU.stop();
    }

    @Test
    void postsTheBatchAndAcceptsEveryItem() throws Exception {
        Exchange exchange = push(ok("{}"), 5000);

        assertThat(exchange.getVariable("failure")).isNull();
        assertThat(new ObjectMapper().readTree(exchange.getMessage().getBody(String.class)))
                .isEqualTo(new ObjectMapper().readTree("""
                                {"items":[{"ref":"2","status":"ACCEPTED","targetId":"emrex-a"},
                                          {"ref":"3","status":"ACCEPTED","targetId":"emrex-b"}]}"""));
        SISU.verify(
                1,
                postRequestedFor(urlEqualTo("/ori/api/attainments/v1/import"))
                        .withBasicAuth(new BasicCredentials("integration_user", "avain"))
                        .withHeader("Content-Type", equalTo("application/json"))
                        .withRequestBody(equalToJson("[{\"id\":\"emrex-a\",\"name\":{\"fi\":\"Näytetyö\"}}]")));
    }

    @ParameterizedTest
    @CsvSource({
        "400, sis_request_refused",
        "401, sis_credentials_refused",
        "403, sis_credentials_refused",
        "404, sis_request_refused",
        "422, batch_rejected",
        "503, sis_unavailable"
    })
    void namesEachRefusalByItsMeaning(int status, String failure) throws Exception {
        Exchange exchange = push(aResponse().withStatus(status).withBody("{\"message\":\"Testi Esimerkki\"}"), 5000);

        assertThat(exchange.getVariable("failure")).isEqualTo(failure);
        assertThat(exchange.getVariables().toString()).doesNotContain("Testi Esimerkki");
        assertThat(String.valueOf(exchange.getMessage().getBody(String.class))).doesNotContain("Testi Esimerkki");
    }

    @Test
    void doesNotKnowWhatBecameOfARequestWithoutAnswer() throws Exception {
        assertThat(push(ok().withFixedDelay(5000), 500).getVariable("failure")).isEqualTo("sis_timeout");
        assertThat(push(aResponse().withFault(Fault.EMPTY_RESPONSE), 5000).getVariable("failure"))
                .isEqualTo("sis_timeout");
    }

    @Test
    void takesThePersonFromTheTargetId() {
        assertThat(resolve("demo-hlo-1001").getVariable("person")).isEqualTo("demo-hlo-1001");
        assertThat(resolve(null).getVariable("failure")).isEqualTo("target_person_unknown");
    }

    private static Exchange resolve(@Nullable String targetId) {
        Exchange exchange = exchange();
        exchange.setVariable("targetId", targetId);
        return send("direct:sis-sisu-resolve", exchange);
    }

    private static Exchange push(ResponseDefinitionBuilder answer, long timeout) {
        SISU.resetAll();
        SISU.stubFor(post(anyUrl()).willReturn(answer));
        Exchange exchange = exchange();
        exchange.setVariable("timeout", timeout);
        exchange.setVariable(
                "items",
                List.of(
                        Map.of("ref", "2", "creditKey", "a", "version", "v", "targetId", "emrex-a"),
                        Map.of("ref", "3", "creditKey", "b", "version", "v", "targetId", "emrex-b")));
        exchange.getMessage()
                .setBody("[{\"id\":\"emrex-a\",\"name\":{\"fi\":\"Näytetyö\"}}]".getBytes(StandardCharsets.UTF_8));
        return send("direct:sis-sisu-push", exchange);
    }

    private static Exchange exchange() {
        return new DefaultExchange(routes.camel());
    }

    private static Exchange send(String endpoint, Exchange exchange) {
        routes.camel().createProducerTemplate().send(endpoint, exchange);
        assertThat(exchange.getException()).isNull();
        return exchange;
    }
}
