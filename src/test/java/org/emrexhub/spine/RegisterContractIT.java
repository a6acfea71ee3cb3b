package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.awaitility.Awaitility;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.spine.RegisterContract.Learner;
import org.emrexhub.spine.RegisterContract.Pages;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * What every register does alike, whatever it speaks: each folder of {@code routes/registers} is asked by its own routes
 * from its own simulator, with faults between the two. What the test must know of a register stands in its
 * {@code contract.yaml}.
 */
class RegisterContractIT {

    /** Far longer than an undisturbed pull takes on a busy machine. */
    private static final long PATIENCE = 120_000;

    /** Long enough for the call to be made, short enough to wait for its end. */
    private static final long IMPATIENCE = 1_500;

    private static final String HEARD = "the contract listens to the log";
    private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();

    @TempDir
    private static Path temp;

    private static FaultsBetween between;
    private static RunningHub hub;
    private static ProducerTemplate routes;

    @BeforeAll
    static void start() {
        between = new FaultsBetween();
        LOG.start();
        use(start("hub", List.of()));
    }

    private static RunningHub start(String name, List<String> more) {
        List<String> settings = new ArrayList<>(
                List.of("emrexhub.retry.first=300ms", "emrexhub.retry.max=1s", "emrexhub.retry.give-up-after=5m"));
        RegisterContract.registers().forEach(id -> settings.add("emrexhub.registers." + id + ".timeout=2m"));
        settings.addAll(more);
        RunningHub started = RunningHub.start(
                temp.resolve(name),
                context -> context.getBeanFactory().registerSingleton("faultsBetween", between.registration()),
                settings.toArray(String[]::new));
        // A start sets logging up anew.
        root().detachAppender(LOG);
        root().addAppender(LOG);
        return started;
    }

    @AfterAll
    static void stop() {
        root().detachAppender(LOG);
        between.none();
        hub.close();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @TestFactory
    Stream<DynamicNode> keepsTheContract() {
        return RegisterContract.registers().stream().map(RegisterContractIT::register);
    }

    private static DynamicNode register(String id) {
        RegisterContract contract = RegisterContract.of(id);
        return dynamicContainer(
                id,
                Stream.of(
                        test(id, contract, "found", () -> delivers(id, contract.found())),
                        test(id, contract, "not found", () -> isUnknown(id, contract.unknown())),
                        test(id, contract, "two pages", () -> fetchesAllPages(id, contract)),
                        test(id, contract, "wrong credentials", () -> refusesOtherCredentials(id, contract)),
                        test(id, contract, "slow", () -> {
                            between.slow();
                            assertThat(pull(id, contract.found(), IMPATIENCE))
                                    .isEqualTo(FailureCode.REGISTER_TIMEOUT.wireName());
                        }),
                        test(id, contract, "broken answer", () -> {
                            between.broken();
                            assertThat(pull(id, contract.found(), PATIENCE))
                                    .isEqualTo(FailureCode.ANSWER_UNREADABLE.wireName());
                        }),
                        test(id, contract, "503 then well", () -> waitsUntilItIsBack(id, contract.found())),
                        test(id, contract, "no learner data in logs", () -> hasLoggedNothingOf(contract))));
    }

    /** Every register under its other settings: versions, ways to make oneself known. The n-th of each share one hub. */
    @TestFactory
    Stream<DynamicNode> keepsTheContractUnderOtherSettings() {
        List<DynamicNode> rounds = new ArrayList<>();
        for (Map<String, String> names = variants(0); !names.isEmpty(); names = variants(rounds.size())) {
            rounds.add(round(rounds.size(), names));
        }
        return rounds.stream();
    }

    /** The name of the n-th variant of each register that has so many. */
    private static Map<String, String> variants(int n) {
        Map<String, String> names = new TreeMap<>();
        for (String id : RegisterContract.registers()) {
            RegisterContract.of(id).variants().keySet().stream()
                    .skip(n)
                    .findFirst()
                    .ifPresent(name -> names.put(id, name));
        }
        return names;
    }

    private static DynamicNode round(int n, Map<String, String> names) {
        List<String> settings = new ArrayList<>();
        names.forEach((id, name) -> RegisterContract.of(id)
                .variants()
                .get(name)
                .forEach((key, value) -> settings.add("emrexhub.registers." + id + "." + key + "=" + value)));
        RunningHub[] hubs = {hub, null};
        List<DynamicNode> nodes = new ArrayList<>();
        nodes.add(dynamicTest("starts", () -> {
            hubs[1] = start("other-" + n, settings);
            use(hubs[1]);
        }));
        names.forEach((id, name) -> {
            RegisterContract contract = RegisterContract.of(id);
            nodes.add(dynamicContainer(
                    id + " " + name,
                    Stream.of(
                            test(id, contract, "found", () -> delivers(id, contract.found())),
                            test(id, contract, "wrong credentials", () -> refusesOtherCredentials(id, contract)),
                            test(id, contract, "no learner data in logs", () -> hasLoggedNothingOf(contract)))));
        });
        nodes.add(dynamicTest("stops", () -> {
            use(hubs[0]);
            hubs[1].close();
        }));
        return dynamicContainer(names.toString(), nodes);
    }

    private static void use(RunningHub one) {
        hub = one;
        routes = one.bean(CamelContext.class).createProducerTemplate();
    }

    private interface Part {
        void run() throws Exception;
    }

    private static DynamicTest test(String id, RegisterContract contract, String name, Part part) {
        return dynamicTest(name, () -> {
            String reason = contract.without().get(name);
            assumeTrue(reason == null, reason);
            between.none();
            try {
                part.run();
            } catch (AssertionError | Exception e) {
                // What a build prints of a test made at run time is its number alone.
                throw new AssertionError(id + ", " + name + ": " + e.getMessage(), e);
            } finally {
                between.none();
            }
        });
    }

    private static void delivers(String id, Learner learner) {
        String transfer = hub.transfer(request(id, learner));

        JsonNode details = hub.await(transfer, "DELIVERED");

        JsonNode source = details.path("sources").get(0);
        assertThat(source.path("register").asText()).isEqualTo(id);
        if (learner.records() != null) {
            assertThat(source.path("mapped").asInt() + source.path("skipped").asInt())
                    .isEqualTo(learner.records());
        }
        assertThat(hub.get("client", "/transfers/" + transfer + "/elmo").text()).contains("<report>");
    }

    private static void isUnknown(String id, Learner learner) {
        String transfer = hub.transfer(request(id, learner));

        JsonNode details = hub.await(transfer, "DEAD_LETTERED");

        assertThat(details.path("failure").path("code").asText()).isEqualTo(FailureCode.LEARNER_NOT_FOUND.wireName());
    }

    private static void fetchesAllPages(String id, RegisterContract contract) {
        Pages pages = Objects.requireNonNull(contract.pages(), "contract.yaml says nothing of pages");

        delivers(id, pages.learner() == null ? contract.found() : pages.learner());

        assertThat(between.asked()).anyMatch(call -> call.matches(".*" + pages.asked() + ".*"));
    }

    private static void refusesOtherCredentials(String id, RegisterContract contract) {
        between.otherCredentials(contract.credentials());

        assertThat(pull(id, contract.found(), PATIENCE)).isEqualTo(FailureCode.REGISTER_CREDENTIALS_REFUSED.wireName());
    }

    private static void waitsUntilItIsBack(String id, Learner learner) {
        hub.post("operator", "/demo/registers/" + id + "/stop", "");
        String transfer = hub.transfer(request(id, learner));
        Awaitility.await("a first attempt of " + id)
                .atMost(Duration.ofMinutes(2))
                .until(() -> !hub.details(transfer)
                        .path("attempts")
                        .findValuesAsText("code")
                        .isEmpty());

        hub.post("operator", "/demo/registers/" + id + "/start", "");

        JsonNode details = hub.await(transfer, "DELIVERED");
        assertThat(details.path("attempts").get(0).path("code").asText())
                .isEqualTo(FailureCode.REGISTER_UNAVAILABLE.wireName());
    }

    private static void hasLoggedNothingOf(RegisterContract contract) throws IOException {
        List<String> never = new ArrayList<>(contract.never());
        Consumer<Learner> data = learner -> {
            never.add(learner.identifier());
            if (learner.familyName() != null) {
                never.add(learner.familyName());
            }
        };
        data.accept(contract.found());
        data.accept(contract.unknown());
        LoggerFactory.getLogger(RegisterContractIT.class).warn(HEARD);
        List<String> lines = new ArrayList<>();
        synchronized (LOG) {
            LOG.list.forEach(event -> lines.add(event.getFormattedMessage() + " " + event.getThrowableProxy()));
        }
        // The first hub's file takes the lines of the later ones too: logging belongs to the process.
        try (Stream<Path> files = Files.walk(temp)) {
            for (Path file : files.filter(each -> each.endsWith("logs/hub.log")).toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }

        assertThat(lines).as("the log is listened to").anyMatch(line -> line.contains(HEARD));
        assertThat(lines).noneMatch(line -> never.stream().anyMatch(line::contains));
    }

    /** Asks the register by its own route; the code by which that failed. */
    private static @Nullable String pull(String id, Learner learner, long timeout) {
        Exchange exchange = new DefaultExchange(routes.getCamelContext());
        exchange.setVariable("register", id);
        exchange.setVariable("identifierType", learner.identifierType());
        exchange.setVariable("identifier", learner.identifier());
        exchange.setVariable("givenNames", "Testi");
        exchange.setVariable("familyName", "Esimerkki");
        exchange.setVariable("birthDate", learner.born());
        exchange.setVariable("timeout", timeout);
        routes.send("direct:register-" + id + "-pull", exchange);
        for (Throwable e = exchange.getException(); e != null; e = e.getCause()) {
            if (e instanceof HubFailure failure) {
                return failure.code().wireName();
            }
        }
        assertThat(exchange.getException()).isNull();
        return exchange.getVariable("failure", String.class);
    }

    private static ObjectNode request(String id, Learner learner) {
        ObjectNode body = RunningHub.JSON.createObjectNode();
        ArrayNode registers = body.putArray("registers");
        registers.add(id);
        body.put("sis", "file-drop");
        ObjectNode who = body.putObject("learner");
        who.putObject("identifier").put("type", learner.identifierType()).put("value", learner.identifier());
        who.put("givenNames", learner.givenNames() == null ? "Testi" : learner.givenNames());
        who.put("familyName", learner.familyName() == null ? "Esimerkki" : learner.familyName());
        who.put("birthDate", learner.born());
        body.putObject("consent")
                .put("reference", "consent-1")
                .put("textVersion", "2026-1")
                .put("recipient", "file-drop")
                .put("givenAt", "2026-11-01T10:00:00Z");
        return body;
    }
}
