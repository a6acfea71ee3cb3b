package org.emrexhub.spine;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.emrexhub.spine.TransferRequest.LIISA;
import static org.emrexhub.spine.TransferRequest.MAIJA;
import static org.emrexhub.spine.TransferRequest.to;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.emrexhub.EmrexHub;
import org.emrexhub.signature.TestKeys;
import org.emrexhub.spine.RunningHub.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hub without the demo profile: tokens for users, keys and databases of its own, and nothing that is simulated. */
class ProductionIT {

    private static final KeyPair ISSUER = TestKeys.rsa(2048);
    private static final KeyPair SIGNING = TestKeys.rsa(3072);
    private static final String ENCRYPTION =
            Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    private static final String SISU_PASSWORD = "invented-password-of-sisu";

    @TempDir
    private static Path temp;

    private static Databases databases;
    private static OutsideWorld outside;
    private static RunningHub hub;
    private static X509Certificate certificate;

    @BeforeAll
    static void start() throws Exception {
        databases = new Databases();
        outside = new OutsideWorld();
        RSAKey key =
                new RSAKey.Builder((RSAPublicKey) ISSUER.getPublic()).keyID("1").build();
        outside.server().stubFor(get("/keys").willReturn(okJson(new JWKSet(key).toString())));
        certificate = TestKeys.certificate(
                SIGNING, Instant.now().minus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(200)));
        Files.writeString(temp.resolve("signing.key"), TestKeys.pkcs8(SIGNING));
        Files.writeString(temp.resolve("signing.pem"), TestKeys.pem(certificate));
        Files.createDirectories(temp.resolve("drop/inbox"));
        List<String> settings = new ArrayList<>(List.of(databases.settings()));
        settings.addAll(List.of(outside.settings()));
        settings.addAll(List.of(
                "server.address=127.0.0.1",
                "spring.security.oauth2.resourceserver.jwt.jwk-set-uri=" + outside.baseUrl() + "/keys",
                "emrexhub.encryption.key=" + ENCRYPTION,
                "emrexhub.encryption.key-id=2026-1",
                "emrexhub.signature.key=" + temp.resolve("signing.key"),
                "emrexhub.signature.certificates=" + temp.resolve("signing.pem"),
                "emrexhub.registers.fi-virta.key=invented-key-of-virta",
                "emrexhub.sis.sisu.username=hub",
                "emrexhub.sis.sisu.password=" + SISU_PASSWORD,
                "emrexhub.sis.sisu.organisation-id=otm-1",
                "emrexhub.sis.sisu.study-level-urn=urn:code:study-level:other-studies",
                "emrexhub.sis.sisu.course-unit-type-urn=urn:code:course-unit-type:regular",
                "emrexhub.sis.file-drop.folder=" + temp.resolve("drop")));
        hub = RunningHub.production(temp.resolve("data"), ProductionIT::bearer, settings.toArray(String[]::new));
    }

    @AfterAll
    static void stop() throws Exception {
        hub.close();
        outside.close();
        databases.close();
    }

    /** A token for {@code role@institution}. */
    private static String bearer(String user) {
        String[] parts = user.contains("@") ? user.split("@") : new String[] {user, "home.example"};
        Instant expires = Instant.now().plus(Duration.ofMinutes(5));
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("1").build(),
                new JWTClaimsSet.Builder()
                        .subject("portal-of-" + parts[1])
                        .claim("roles", List.of(parts[0]))
                        .claim("institution", parts[1])
                        .expirationTime(Date.from(expires))
                        .build());
        try {
            token.sign(new RSASSASigner(ISSUER.getPrivate()));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return "Bearer " + token.serialize();
    }

    @Test
    void deliversAndShowsATransferToItsOwnInstitutionOnly() {
        String id = hub.transfer(to("sisu", LIISA));

        JsonNode details = hub.await(id, "DELIVERED");

        assertThat(details.path("items").findValuesAsText("outcome")).containsOnly("ACCEPTED");
        assertThat(outside.imports()).hasSize(1);
        assertThat(hub.get("client", "/transfers/" + id).status()).isEqualTo(200);
        assertThat(hub.get("client", "/transfers").text()).contains(id);
        for (String path : List.of("", "/elmo", "/report")) {
            Answer others = hub.get("client@other.example", "/transfers/" + id + path);
            assertThat(others.status()).as(path).isEqualTo(404);
            assertThat(others.code()).isEqualTo("not_found");
        }
        assertThat(hub.post("client@other.example", "/transfers/" + id + "/cancel", "")
                        .status())
                .isEqualTo(404);
        assertThat(hub.get("client@other.example", "/transfers").text()).doesNotContain(id);
        assertThat(hub.get("officer@other.example", "/imports/" + id).status()).isEqualTo(404);
        assertThat(hub.get("client", "/dead-letters").status()).isEqualTo(403);
    }

    @Test
    void signsWithItsConfiguredKey() throws Exception {
        String id = hub.transfer(to("file-drop", MAIJA, "fi-virta", "sql-view"));
        hub.await(id, "DELIVERED");

        String elmo = hub.get("client", "/transfers/" + id + "/elmo").text();

        assertThat(elmo)
                .contains("X509Certificate>" + Base64.getEncoder().encodeToString(certificate.getEncoded()) + "<");
        assertThat(temp.resolve("drop/inbox/" + id + ".xml")).hasContent(elmo);
    }

    @Test
    void keepsSecretsAndLearnersOutOfLedgerAndLog() throws IOException {
        String id = hub.transfer(to("sisu", LIISA).target("otm-secret"));
        hub.await(id, "DELIVERED");

        assertThat(Files.readString(hub.data().resolve("logs/hub.log")))
                .doesNotContain(LIISA, "Moniopisto", ENCRYPTION, SISU_PASSWORD, "invented-key-of-virta", "Bearer ey");
        assertThat(databases.ledger().queryForList("select bytes from document", byte[].class))
                .isNotEmpty()
                .allSatisfy(bytes -> assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                        .doesNotContain(LIISA, "Moniopisto"));
        assertThat(databases.ledger().queryForList("select distinct key_id from document", String.class))
                .containsExactly("2026-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/simulators/sisu/ori/api/attainments/v1/import",
                "/simulators/fi-virta/luku106/OpiskelijanTiedot",
                "/api/v1/demo/sis/sisu/received",
                "/v3/api-docs/demo"
            })
    void hasNothingThatIsSimulated(String path) throws Exception {
        assertThat(status("GET", path, bearer("admin"))).isEqualTo(404);
        assertThat(status("POST", path, bearer("admin"))).isEqualTo(404);
        assertThat(status("POST", path, null)).isIn(401, 404);
    }

    @Test
    void usesOnlyWhatItsSettingsName() {
        List<String> registers = new ArrayList<>();
        hub.get("integrator", "/registers")
                .json()
                .path("items")
                .forEach(register -> registers.add(register.path("id").asText()));

        assertThat(registers).containsExactly("fi-virta", "sql-view");
    }

    @Test
    void knowsNoUserWithAPassword() throws Exception {
        String basic = Base64.getEncoder().encodeToString("admin:demo".getBytes(StandardCharsets.US_ASCII));

        assertThat(status("GET", "/api/v1/transfers", "Basic " + basic)).isEqualTo(401);
        assertThat(status("GET", "/api/v1/transfers", null)).isEqualTo(401);
    }

    @Test
    void tellsItsHealthToAnybodyAndItsMetricsToOperators() throws Exception {
        assertThat(status("GET", "/actuator/health", null)).isEqualTo(200);
        assertThat(status("GET", "/actuator/prometheus", null)).isEqualTo(401);
        assertThat(status("GET", "/actuator/prometheus", bearer("client"))).isEqualTo(403);
        assertThat(status("GET", "/actuator/prometheus", bearer("operator"))).isEqualTo(200);
    }

    @Test
    void measuresWhatWaitsAndWhatIsDown() throws Exception {
        hub.await(hub.transfer(to("sisu", LIISA)), "DELIVERED");

        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(prometheus())
                        .contains(
                                "emrexhub_transfers{sis=\"sisu\",status=\"DEAD_LETTERED\"} 0.0",
                                "emrexhub_system_state{kind=\"sis\",system=\"sisu\"} 1.0",
                                "emrexhub_system_paused{kind=\"register\",system=\"fi-virta\"} 0.0",
                                "emrexhub_signing_certificate_expiry_seconds "));
    }

    private static String prometheus() throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(hub.address() + "/actuator/prometheus"))
                                .header("Authorization", bearer("operator"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    @Test
    void keepsACheckValueOfItsEncryptionKey() {
        assertThat(databases.ledger().queryForList("select key_id from encryption_key", String.class))
                .containsExactly("2026-1");
    }

    @Test
    @Tag("slow")
    void saysInASentenceThatItMayNotMakeTables() throws Exception {
        databases.ledger().execute("create role no_owner login password 'invented'");

        Ended ended = run(
                temp.resolve("third"),
                "--spring.profiles.active=demo",
                "--server.port=" + RunningHub.freePort(),
                "--spring.datasource.url=jdbc:postgresql://localhost:" + databases.port() + "/postgres",
                "--spring.datasource.username=no_owner",
                "--spring.datasource.password=invented");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.told().lines())
                .hasSize(2)
                .last()
                .asString()
                .contains("lets the hub's user make no tables; let no_owner own the database");
    }

    @Test
    void saysInASentenceThatItsDataFolderCannotBeWritten() throws Exception {
        Path file = Files.createFile(temp.resolve("a-file"));

        Ended ended = run(file.resolve("data"));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.told().lines())
                .containsExactly(
                        "The hub did not start:",
                        "  The data folder " + file.resolve("data") + " can't be written; give the hub the right to, or"
                                + " set emrexhub.data to another folder.");
    }

    private static int status(String method, String path, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.address() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void endsAtOnceWithEverythingThatIsMissing() throws Exception {
        Ended ended = run(temp.resolve("empty"));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.told().lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).matches("The hub did not start; \\d+ things to mend:"));
        assertThat(ended.told().lines().skip(1))
                .allSatisfy(line -> assertThat(line).startsWith("  ").endsWith("."));
        assertThat(ended.told())
                .contains("emrexhub.encryption.key is missing", "emrexhub.sis.sisu.url is missing")
                .doesNotContain("\tat ");
    }

    @Test
    void leavesTheDataFolderOfAnotherHubAlone() throws Exception {
        Ended ended = run(hub.data(), "--spring.profiles.active=demo", "--server.port=" + RunningHub.freePort());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.told().lines())
                .containsExactly(
                        "The hub did not start:",
                        "  The data folder " + hub.data() + " is in use by another hub; stop that one, or set"
                                + " emrexhub.data to another folder.");
    }

    @Test
    void refusesASecondHubWithABrokerOfItsOwnBesideIt() throws Exception {
        List<String> settings = new ArrayList<>();
        for (String setting : databases.settings()) {
            settings.add("--" + setting);
        }
        settings.addAll(List.of("--spring.profiles.active=demo", "--server.port=" + RunningHub.freePort()));

        Ended ended = run(temp.resolve("second"), settings.toArray(String[]::new));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.told().lines())
                .hasSize(2)
                .last()
                .asString()
                .startsWith("  Another hub uses this database at this moment")
                .contains("spring.artemis.broker-url");
        hub.await(hub.transfer(to("file-drop", LIISA)), "DELIVERED");
    }

    /** How a hub ended, and what it told the terminal besides its log. */
    private record Ended(int code, String told) {}

    /** A hub in a process of its own that ends by itself. */
    private static Ended run(Path data, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                EmrexHub.class.getName(),
                "--emrexhub.data=" + data));
        command.addAll(List.of(arguments));
        Path log = Files.createTempFile(temp, "hub", ".out");
        Path told = Files.createTempFile(temp, "hub", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(log.toFile()).redirectError(told.toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(log)).doesNotContain("\tat ");
            return new Ended(process.exitValue(), Files.readString(told).strip());
        } finally {
            process.destroyForcibly();
        }
    }
}
