package org.emrexhub.spine;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.serviceUnavailable;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.extension.requestfilter.RequestFilterAction;
import com.github.tomakehurst.wiremock.extension.requestfilter.RequestFilterV2;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outside systems fail each by itself: seven registers side by side, and a breaker that lets one transfer try again. */
@Tag("slow")
class BreakerIT {

    private static final int REGISTERS = 7;
    private static final String HANGS = "zz-campus-6";
    private static final String REFUSES = "zz-campus-7";

    /** Each of the five answers once all five have been asked: were they asked in turn, none would answer in time. */
    private static final class AllAtOnce implements RequestFilterV2 {

        private final CountDownLatch asked = new CountDownLatch(REGISTERS - 2);

        @Override
        public RequestFilterAction filter(Request request, ServeEvent event) {
            if (request.getUrl().matches("/zz-campus-[1-5]/.*")) {
                asked.countDown();
                try {
                    assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return RequestFilterAction.continueWith(request);
        }

        @Override
        public boolean applyToAdmin() {
            return false;
        }

        @Override
        public boolean applyToStubs() {
            return true;
        }

        @Override
        public String getName() {
            return "all-at-once";
        }
    }

    private static WireMockServer outside;
    private static RunningHub hub;

    @BeforeAll
    static void start(@TempDir Path temp) throws IOException {
        Path home = temp.resolve("home");
        HomeCopy.in(home).add(Path.of("src/test/resources/newcomers"), home);
        outside = new WireMockServer(
                options().dynamicPort().bindAddress("127.0.0.1").extensions(new AllAtOnce()));
        outside.start();
        List<String> settings = new ArrayList<>(List.of(
                "emrexhub.home=" + home,
                "emrexhub.transfer.on-failed-register=deliver-rest",
                "emrexhub.pipeline.consumers=2",
                "emrexhub.retry.give-up-after=20s",
                "emrexhub.breaker.failures=3",
                "emrexhub.breaker.first=1s",
                "emrexhub.sis.zz-archive.url=" + outside.baseUrl() + "/archive"));
        settings.addAll(register("zz-campus", outside.baseUrl() + "/zz-campus"));
        for (int n = 1; n <= REGISTERS + 1; n++) {
            String id = "zz-campus-" + n;
            copyRegister(home, id);
            String url = outside.baseUrl() + "/" + id;
            settings.addAll(register(id, id.equals(REFUSES) ? "http://127.0.0.1:" + RunningHub.freePort() : url));
            settings.add("emrexhub.registers." + id + ".timeout=" + (id.equals(HANGS) ? "2s" : "60s"));
        }
        hub = RunningHub.start(temp.resolve("data"), settings.toArray(String[]::new));
    }

    private static List<String> register(String id, String url) {
        String prefix = "emrexhub.registers." + id + ".";
        return List.of(prefix + "url=" + url, prefix + "username=hub", prefix + "password=secret");
    }

    /** Another register of the same kind: the folder under another name. */
    private static void copyRegister(Path home, String id) throws IOException {
        HomeCopy copy = new HomeCopy(home);
        for (String half : List.of("routes", "mappings")) {
            Path folder = home.resolve(half).resolve("registers").resolve(id);
            copy.add(home.resolve(half).resolve("registers/zz-campus"), folder);
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.writeString(file, Files.readString(file).replace("zz-campus", id));
                }
            }
        }
    }

    @AfterAll
    static void stop() {
        hub.close();
        outside.stop();
    }

    @BeforeEach
    void answer() {
        outside.resetAll();
        outside.stubFor(any(urlMatching("/archive/.*")).willReturn(okJson("{\"items\":[]}")));
        IntStream.rangeClosed(1, REGISTERS)
                .forEach(n -> outside.stubFor(
                        get(urlMatching("/zz-campus-" + n + "/.*")).willReturn(okJson(credits(n)))));
        outside.stubFor(
                get(urlMatching("/" + HANGS + "/.*")).willReturn(okJson("{}").withFixedDelay(20_000)));
        outside.stubFor(get(urlMatching("/zz-campus/.*")).willReturn(okJson(credits(0))));
    }

    private static String credits(int n) {
        return """
                {"number": "Z12345", "given": "Testi", "family": "Newcomer", "born": "2000-01-02", "credits": [
                  {"id": "%1$d", "code": "ART-%1$d", "name": "Drawing", "points": "5.0", "grade": "A", "date": "2025-05-05"}
                ]}""".formatted(n);
    }

    private static TransferRequest newcomer(List<String> registers) {
        return new TransferRequest(
                "file-drop", registers, "studentNumber", "Z12345", "2000-01-02", "arc-" + UUID.randomUUID(), false, "");
    }

    @Test
    void pullsFromFiveInTheTimeOfTheSlowestWhileTwoOfSevenAreDead() {
        List<String> registers = IntStream.rangeClosed(1, REGISTERS)
                .mapToObj(n -> "zz-campus-" + n)
                .toList();

        String id = hub.transfer(newcomer(registers));
        JsonNode details = hub.await(id, "DELIVERED");

        assertThat(details.path("sources").findValuesAsText("status"))
                .containsExactly("PULLED", "PULLED", "PULLED", "PULLED", "PULLED", "FAILED", "FAILED");
        assertThat(details.path("sources").findValuesAsText("failureCode"))
                .containsExactly("register_timeout", "register_unavailable");
        JsonNode report = hub.get("integrator", "/transfers/" + id + "/report").json();
        assertThat(report.path("missing").findValuesAsText("register")).containsExactly(HANGS, REFUSES);
    }

    @Test
    void leavesARegisterAloneThatIsDownAndGoesOnOldestFirstOnceItAnswers() {
        outside.stubFor(get(urlMatching("/zz-campus/.*")).willReturn(serviceUnavailable()));
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            ids.add(hub.transfer(newcomer(List.of("zz-campus"))));
        }
        Awaitility.await("breaker is open")
                .atMost(Duration.ofSeconds(30))
                .until(() -> register("zz-campus").has("heldBackUntil"));
        assertThat(register("zz-campus").path("state").asText()).isEqualTo("DOWN");
        for (int n = 0; n < 5; n++) {
            ids.add(hub.transfer(newcomer(List.of("zz-campus"))));
        }
        int asked =
                outside.findAll(getRequestedFor(urlMatching("/zz-campus/.*"))).size();
        // Eight transfers that each tried on their own would have asked far oftener meanwhile.
        Awaitility.await("probes")
                .atMost(Duration.ofSeconds(30))
                .until(() -> outside.findAll(getRequestedFor(urlMatching("/zz-campus/.*")))
                                .size()
                        > asked);
        assertThat(attempts(ids)).isLessThanOrEqualTo(asked + 3);

        outside.stubFor(get(urlMatching("/zz-campus/.*")).willReturn(okJson(credits(0))));

        ids.forEach(id -> hub.await(id, "DELIVERED"));
        assertThat(register("zz-campus").path("state").asText()).isEqualTo("UP");
        assertThat(register("zz-campus").has("heldBackUntil")).isFalse();
    }

    private static int attempts(List<String> ids) {
        return ids.stream()
                .mapToInt(id -> hub.details(id).path("attempts").size())
                .sum();
    }

    @Test
    void givesUpOnWhatWaitsBehindAnOpenBreaker() {
        outside.stubFor(get(anyUrl()).willReturn(serviceUnavailable()));
        for (int n = 0; n < 3; n++) {
            hub.transfer(newcomer(List.of("zz-campus-8")));
        }
        Awaitility.await("breaker is open")
                .atMost(Duration.ofSeconds(30))
                .until(() -> register("zz-campus-8").has("heldBackUntil"));

        String late = hub.transfer(newcomer(List.of("zz-campus-8")));
        JsonNode dead = hub.await(late, "DEAD_LETTERED");

        assertThat(dead.path("failure").path("code").asText()).isEqualTo("register_unavailable");
        assertThat(register("zz-campus-8").has("heldBackUntil")).isTrue();
    }

    private static JsonNode register(String id) {
        for (JsonNode register : hub.get("operator", "/registers").json().path("items")) {
            if (register.path("id").asText().equals(id)) {
                return register;
            }
        }
        throw new IllegalStateException("no register " + id);
    }
}
