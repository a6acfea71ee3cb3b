package org.emrexhub.pipeline;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okForContentType;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.AnswerReader;
import org.emrexhub.mapping.Stylesheets;
import org.emrexhub.pipeline.http.TimeLeft;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The routes of {@code routes/shared} that ask in pages, ask each and call with a token, over a real socket. */
class SharedRoutesTests {

    private static final String ITEMS = "/j:map/j:array[@key='items']/j:map";
    private static final WireMockServer REGISTER =
            new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort().containerThreads(32));
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
    private static final AnnotationConfigApplicationContext HTTP = new AnnotationConfigApplicationContext();

    @BeforeAll
    static void start(@TempDir Path home) throws Exception {
        REGISTER.start();
        HTTP.scan("org.emrexhub.pipeline.http");
        HTTP.refresh();
        Files.createDirectories(home.resolve("mappings/elmo"));
        Files.createDirectories(home.resolve("routes/registers/xx"));
        Files.writeString(home.resolve("routes/registers/xx/questions.xsl"), """
                <xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                    xmlns:j="http://www.w3.org/2005/xpath-functions" expand-text="yes" exclude-result-prefixes="j">
                  <xsl:param name="base"/>
                  <xsl:template match="/">
                    <questions>
                      <xsl:if test="empty(//j:map)"><question name="list" url="{$base}/list"/></xsl:if>
                      <xsl:for-each select="//j:array[@key='items']/j:map">
                        <question name="one" about="{j:string[@key='id']}" url="{$base}/one/{j:string[@key='id']}"/>
                      </xsl:for-each>
                    </questions>
                  </xsl:template>
                </xsl:stylesheet>""");
        Stylesheets stylesheets = new Stylesheets(home);
        Transform transform = new Transform(stylesheets, new Catalog(home, List.of(), List.of()));
        CAMEL.getRegistry().bind("httpCall", HTTP.getBean("httpCall"));
        CAMEL.getRegistry().bind("httpCallClient", HTTP.getBean("httpCallClient"));
        CAMEL.getRegistry().bind("timeLeft", new TimeLeft());
        CAMEL.getRegistry().bind("pages", new Pages(new AnswerReader(stylesheets)));
        CAMEL.getRegistry().bind("questions", new Questions(transform));
        CAMEL.getRegistry().bind("tokens", new Tokens(CAMEL));
        for (String route : List.of("http-call", "time-left", "token-call", "ask-pages", "ask-each")) {
            PluginHelper.getRoutesLoader(CAMEL)
                    .loadRoutes(ResourceHelper.resolveResource(CAMEL, "file:routes/shared/" + route + ".camel.yaml"));
        }
        CAMEL.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:register-xx-ask")
                        .setVariable("method", constant("GET"))
                        .setVariable("party", constant("register"))
                        .to("direct:shared-http-call");
            }
        });
        CAMEL.start();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
        HTTP.close();
        REGISTER.stop();
    }

    @BeforeEach
    void forget() {
        REGISTER.resetAll();
        // Each test is another client, so that none finds the token of another.
        client = "client-" + clients++;
    }

    private static int clients;
    private String client = "";

    // --- pages

    @Test
    void asksFromRecordToRecordUntilAPageIsEmpty() {
        answer("/rows?start=0&limit=2", "[{\"id\":1},{\"id\":2}]");
        answer("/rows?start=2&limit=2", "[{\"id\":3}]");
        answer("/rows?start=3&limit=2", "[]");

        Exchange exchange =
                ask(Map.of("url", url("/rows"), "paging", "start", "pageSize", "2", "pageItems", "/j:array/j:map"));

        assertThat(failure(exchange)).isNull();
        assertThat(body(exchange)).isEqualTo("""
                {"answers":[
                {"question":"list","page":1,"answer":[{"id":1},{"id":2}]},
                {"question":"list","page":2,"answer":[{"id":3}]},
                {"question":"list","page":3,"answer":[]}
                ]}
                """);
    }

    @Test
    void asksPageByPageAsLongAsOneIsPromised() {
        answer("/rows?x=1&pageNumber=1&pageSize=50", "{\"items\":[{\"id\":1}],\"hasNextPage\":true}");
        answer("/rows?x=1&pageNumber=2&pageSize=50", "{\"items\":[{\"id\":2}],\"hasNextPage\":false}");

        Exchange exchange = ask(numbered("/rows?x=1", Map.of("pageSize", "50")));

        assertThat(failure(exchange)).isNull();
        assertThat(body(exchange)).contains("\"page\":2,\"answer\":{\"items\":[{\"id\":2}],\"hasNextPage\":false}}");
    }

    @Test
    void followsTheAddressOfTheNextPageInXmlToo() {
        REGISTER.stubFor(get(urlEqualTo("/rows"))
                .willReturn(okForContentType(
                        "text/xml",
                        "<?xml version='1.0'?><r xmlns='urn:x'><i>1</i><next>rows?after=1&amp;b=2</next></r>")));
        REGISTER.stubFor(get(urlEqualTo("/rows?after=1&b=2"))
                .willReturn(okForContentType("text/xml", "<r xmlns='urn:x'><i>2</i></r>")));

        Exchange exchange = ask(Map.of(
                "url", url("/rows"), "format", "xml", "paging", "link", "pageItems", "//*:i", "pageNext", "//*:next"));

        assertThat(failure(exchange)).isNull();
        assertThat(body(exchange)).isEqualTo("""
                <hub:answers xmlns:hub="urn:emrexhub:mapping:1">
                <hub:answer question="list" page="1"><r xmlns="urn:x"><i>1</i><next>rows?after=1&amp;b=2</next></r></hub:answer>
                <hub:answer question="list" page="2"><r xmlns="urn:x"><i>2</i></r></hub:answer>
                </hub:answers>
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:1/rows, register_fault",
        "https://127.0.0.1/rows, register_fault",
        "//elsewhere.example/rows, register_fault",
        "'http://127.0.0.1:{port}@elsewhere.example/', register_fault",
        "'ht tp:/x', answer_unreadable",
        "/rows, answer_unreadable"
    })
    void goesNowhereElse(String next, String failure) {
        String address = next.replace("{port}", Integer.toString(REGISTER.port()));
        answer("/rows", "{\"items\":[{\"id\":1}],\"next\":\"" + address + "\"}");

        Exchange exchange = ask(Map.of(
                "url", url("/rows"), "paging", "link", "pageItems", ITEMS, "pageNext", "/j:map/j:string[@key='next']"));

        assertThat(failure(exchange)).isEqualTo(failure);
    }

    @Test
    void stopsARegisterThatRepeatsItself() {
        REGISTER.stubFor(get(urlPathEqualTo("/rows")).willReturn(okJson("[{\"id\":1}]")));

        Exchange exchange = ask(Map.of("url", url("/rows"), "paging", "start", "pageItems", "/j:array/j:map"));

        assertThat(failure(exchange)).isEqualTo("answer_unreadable");
    }

    @Test
    void stopsARegisterThatNeverEnds() {
        for (int i = 1; i <= 4; i++) {
            answer("/rows?pageNumber=" + i, "{\"items\":[{\"id\":" + i + "}],\"hasNextPage\":true}");
        }

        Exchange exchange = ask(numbered("/rows", Map.of("pageLimit", "3")));

        assertThat(failure(exchange)).isEqualTo("row_limit_exceeded");
        REGISTER.verify(3, getRequestedFor(anyUrl()));
    }

    @Test
    void stopsWhenTheTimeForAllPagesIsUp() {
        for (int i = 1; i <= 30; i++) {
            REGISTER.stubFor(get(urlEqualTo("/rows?pageNumber=" + i))
                    .willReturn(okJson("{\"items\":[{\"id\":" + i + "}],\"hasNextPage\":true}")
                            .withFixedDelay(300)));
        }

        Exchange exchange = ask(numbered("/rows", Map.of()), 1_000);

        assertThat(failure(exchange)).isEqualTo("register_timeout");
        assertThat(REGISTER.getAllServeEvents()).hasSizeLessThan(6);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"items\":[{\"id\":1}]}', answer_unreadable",
        "'{\"items\":[', answer_unreadable",
        "'<html>', answer_unreadable"
    })
    void takesNoPageForTheLastThatDoesNotSaySo(String page, String failure) {
        answer("/rows?pageNumber=1", page);

        assertThat(failure(ask(numbered("/rows", Map.of())))).isEqualTo(failure);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"error\":\"x\"}', answer_unreadable",
        "'{\"items\":null}', answer_unreadable",
        "'{\"items\":{\"id\":2}}', answer_unreadable",
        "'{\"items\":[]}', "
    })
    void takesNoPageForAnEmptyOneThatHasNoList(String page, @Nullable String failure) {
        answer("/rows?pageNumber=1", "{\"items\":[{\"id\":1}]}");
        answer("/rows?pageNumber=2", page);

        Exchange exchange = ask(Map.of("url", url("/rows"), "paging", "number", "pageItems", ITEMS));

        assertThat(failure(exchange)).isEqualTo(failure);
    }

    @Test
    void losesNoPageToARegisterThatBreaksOff() {
        answer("/rows?pageNumber=1", "{\"items\":[{\"id\":1}],\"hasNextPage\":true}");
        REGISTER.stubFor(
                get(urlEqualTo("/rows?pageNumber=2")).willReturn(aResponse().withStatus(404)));

        assertThat(failure(ask(numbered("/rows", Map.of("handles", "404"))))).isEqualTo("register_fault");
    }

    // --- questions that follow

    @Test
    void asksWhatFollowsFromTheAnswers() {
        answer("/list", "{\"items\":[{\"id\":\"a\"},{\"id\":\"b\"}]}");
        answer("/one/a", "{\"id\":\"a\"}");
        REGISTER.stubFor(get(urlEqualTo("/one/b")).willReturn(aResponse().withStatus(404)));
        Map<String, String> variables =
                Map.of("base", url(""), "questions", "routes/registers/xx/questions.xsl", "handles", "404");

        Exchange exchange = send("direct:shared-ask-each", variables, 20_000);
        CAMEL.createProducerTemplate().send("direct:shared-ask-each", exchange);

        assertThat(failure(exchange)).isNull();
        assertThat(body(exchange)).isEqualTo("""
                {"answers":[
                {"question":"list","page":1,"answer":{"items":[{"id":"a"},{"id":"b"}]}},
                {"question":"one","about":"a","page":1,"answer":{"id":"a"}},
                {"question":"one","about":"b","page":1,"status":404}
                ]}
                """);
    }

    @Test
    void asksNothingAfterAFailure() {
        REGISTER.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(503)));
        Map<String, String> variables = Map.of("base", url(""), "questions", "routes/registers/xx/questions.xsl");

        Exchange exchange = send("direct:shared-ask-each", variables, 20_000);
        CAMEL.createProducerTemplate().send("direct:shared-ask-each", exchange);

        assertThat(failure(exchange)).isEqualTo("register_unavailable");
        REGISTER.verify(1, getRequestedFor(anyUrl()));
    }

    // --- tokens

    @ParameterizedTest
    @CsvSource({"client_secret_basic", "client_secret_post"})
    void fetchesATokenOnceAndKeepsIt(String authentication) {
        token("{\"access_token\":\"t-1\",\"token_type\":\"bearer\",\"expires_in\":3600}");
        protectedBy("t-1");

        for (int i = 0; i < 3; i++) {
            assertThat(body(call(Map.of("clientAuthentication", authentication, "scope", "read all"))))
                    .isEqualTo("well");
        }

        boolean basic = authentication.endsWith("basic");
        REGISTER.verify(
                1,
                postRequestedFor(urlEqualTo("/token"))
                        .withHeader("Content-Type", equalTo("application/x-www-form-urlencoded"))
                        .withRequestBody(equalTo("grant_type=client_credentials&scope=read+all"
                                + (basic ? "" : "&client_id=" + client + "&client_secret=s%26cret"))));
    }

    @Test
    void fetchesATokenOnceForAllThatAskAtTheSameTime() throws Exception {
        REGISTER.stubFor(post(urlEqualTo("/token"))
                .willReturn(okJson("{\"access_token\":\"t-1\",\"token_type\":\"Bearer\",\"expires_in\":3600}")
                        .withFixedDelay(700)));
        protectedBy("t-1");
        ExecutorService callers = Executors.newFixedThreadPool(8);
        CountDownLatch together = new CountDownLatch(8);
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answers.add(callers.submit(() -> {
                together.countDown();
                together.await();
                return body(call(Map.of()));
            }));
        }
        for (Future<String> answer : answers) {
            assertThat(answer.get()).isEqualTo("well");
        }
        callers.shutdown();

        REGISTER.verify(1, postRequestedFor(urlEqualTo("/token")));
    }

    @Test
    void fetchesAnotherTokenWhenOneIsOver() {
        token("{\"access_token\":\"t-1\",\"token_type\":\"Bearer\",\"expires_in\":0}");
        protectedBy("t-1");

        call(Map.of());
        call(Map.of());

        REGISTER.verify(2, postRequestedFor(urlEqualTo("/token")));
    }

    @Test
    void fetchesOneOtherTokenWhenOneWasRefused() {
        tokens("t-1", "t-2");
        protectedBy("t-2");

        assertThat(body(call(Map.of()))).isEqualTo("well");
        assertThat(body(call(Map.of()))).isEqualTo("well");

        REGISTER.verify(2, postRequestedFor(urlEqualTo("/token")));
        REGISTER.verify(3, getRequestedFor(urlEqualTo("/thing")));
    }

    @Test
    void takesASecondRefusalForAnAnswer() {
        tokens("t-1", "t-2");
        protectedBy("another");

        Exchange exchange = call(Map.of("handles", "404"));

        assertThat(failure(exchange)).isEqualTo("register_credentials_refused");
        REGISTER.verify(2, getRequestedFor(urlEqualTo("/thing")));
        assertThat(exchange.getVariable("handles")).isEqualTo("404");
    }

    @Test
    void leavesNoTokenAndNoSecretBehind() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(log);
        token("{\"access_token\":\"t-secret\",\"token_type\":\"Bearer\"}");
        protectedBy("t-secret");

        Exchange exchange = call(Map.of());

        root.detachAppender(log);
        assertThat(exchange.getVariables().toString()).doesNotContain("t-secret", "s&cret");
        assertThat(exchange.getMessage().getHeaders()).isEmpty();
        assertThat(log.list).noneMatch(event -> event.getFormattedMessage().contains("t-secret"));
    }

    @ParameterizedTest
    @CsvSource({
        "register, 401, '{}', register_credentials_refused",
        "register, 400, '{\"error\":\"invalid_client\"}', register_credentials_refused",
        "register, 400, '{\"error\":\"invalid_scope\"}', register_fault",
        "register, 404, '', register_fault",
        "register, 503, '', register_unavailable",
        "register, 200, 'no json', answer_unreadable",
        "register, 200, '{\"access_token\":\"x\",\"token_type\":\"mac\"}', answer_unreadable",
        "register, 200, '{\"access_token\":\"a b\",\"token_type\":\"bearer\"}', answer_unreadable",
        "sis, 401, '{}', sis_credentials_refused",
        "sis, 500, '', sis_unavailable",
        "sis, 200, 'no json', sis_unavailable"
    })
    void saysWhyThereIsNoToken(String party, int status, String answer, String failure) {
        REGISTER.stubFor(post(urlEqualTo("/token"))
                .willReturn(aResponse().withStatus(status).withBody(answer)));

        Exchange exchange = call(Map.of("party", party));

        assertThat(failure(exchange)).isEqualTo(failure);
        assertThat(exchange.getMessage().getBody()).isNull();
        REGISTER.verify(0, getRequestedFor(urlEqualTo("/thing")));
    }

    @Test
    void waitsForATokenNoLongerThanItMay() {
        REGISTER.stubFor(post(urlEqualTo("/token")).willReturn(aResponse().withFixedDelay(3_000)));

        assertThat(failure(call(Map.of(), 300))).isEqualTo("register_timeout");
    }

    @Test
    void fetchesATokenByALogin() {
        REGISTER.stubFor(
                get(urlEqualTo("/token")).withBasicAuth(client, "s&cret").willReturn(okJson("{\"jwt\":\"a.b.c\"}")));
        protectedBy("a.b.c");

        assertThat(body(call(Map.of("grant", "login", "tokenField", "jwt")))).isEqualTo("well");
    }

    private void tokens(String first, String second) {
        REGISTER.stubFor(post(urlEqualTo("/token"))
                .inScenario(client)
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(
                        okJson("{\"access_token\":\"" + first + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}"))
                .willSetStateTo("second"));
        REGISTER.stubFor(post(urlEqualTo("/token"))
                .inScenario(client)
                .whenScenarioStateIs("second")
                .willReturn(
                        okJson("{\"access_token\":\"" + second + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}")));
    }

    private static void token(String answer) {
        REGISTER.stubFor(post(urlEqualTo("/token")).willReturn(okJson(answer)));
    }

    private static void protectedBy(String token) {
        ResponseDefinitionBuilder refused = aResponse().withStatus(401);
        REGISTER.stubFor(get(urlEqualTo("/thing")).atPriority(9).willReturn(refused));
        REGISTER.stubFor(get(urlEqualTo("/thing"))
                .withHeader("Authorization", equalTo("Bearer " + token))
                .willReturn(okForContentType("text/plain", "well")));
    }

    private Exchange call(Map<String, String> more) {
        return call(more, 20_000);
    }

    private Exchange call(Map<String, String> more, long timeout) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "url",
                url("/thing"),
                "method",
                "GET",
                "party",
                "register",
                "tokenUrl",
                url("/token"),
                "clientId",
                client,
                "clientSecret",
                "s&cret"));
        variables.putAll(more);
        return send("direct:shared-token-call", variables, timeout);
    }

    private static Map<String, String> numbered(String path, Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "url",
                url(path),
                "paging",
                "number",
                "pageItems",
                ITEMS,
                "pageNext",
                "/j:map/j:boolean[@key='hasNextPage']"));
        variables.putAll(more);
        return variables;
    }

    private static Exchange ask(Map<String, String> variables) {
        return ask(variables, 20_000);
    }

    private static Exchange ask(Map<String, String> variables, long timeout) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("question", "list");
        return send("direct:shared-ask-pages", all, timeout);
    }

    private static Exchange send(String endpoint, Map<String, String> variables, long timeout) {
        Exchange exchange = new DefaultExchange(CAMEL);
        variables.forEach(exchange::setVariable);
        exchange.setVariable("register", "xx");
        exchange.setVariable("sis", "xx");
        exchange.setVariable("ask", "register-xx-ask");
        exchange.setVariable("timeout", timeout);
        return CAMEL.createProducerTemplate().send(endpoint, exchange);
    }

    private static @Nullable String failure(Exchange exchange) {
        for (Throwable e = exchange.getException(); e != null; e = e.getCause()) {
            if (e instanceof HubFailure failure) {
                return failure.code().wireName();
            }
        }
        assertThat(exchange.getException()).isNull();
        return exchange.getVariable("failure", String.class);
    }

    private static String body(Exchange exchange) {
        return new String(exchange.getMessage().getBody(byte[].class), StandardCharsets.UTF_8);
    }

    private static String url(String path) {
        return REGISTER.baseUrl() + path;
    }

    private static void answer(String url, String json) {
        REGISTER.stubFor(get(urlEqualTo(url)).willReturn(okJson(json)));
    }
}
