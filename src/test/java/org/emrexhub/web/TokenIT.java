package org.emrexhub.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.emrexhub.deadletter.DeadLetters;
import org.emrexhub.deadletter.Replays;
import org.emrexhub.imports.ImportViews;
import org.emrexhub.imports.Imports;
import org.emrexhub.transfer.Acceptance;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.Cancellation;
import org.emrexhub.transfer.Destinations;
import org.emrexhub.transfer.Documents;
import org.emrexhub.transfer.Outages;
import org.emrexhub.transfer.Retention;
import org.emrexhub.transfer.TransferPage;
import org.emrexhub.transfer.TransferViews;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** Who calls in production: what a token says, and nothing else. */
@SpringBootTest(
        classes = WebApp.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "emrexhub.security.roles-claim=realm_access.roles",
            "emrexhub.security.institution-claim=https://example.org/institution",
            "server.address=127.0.0.1",
            WebApp.ROUTES,
            WebApp.HOME,
            WebApp.PART
        })
@Import(TokenIT.Issuer.class)
class TokenIT {

    private static final KeyPair KEY = key();
    private static final String ID = "6f3f9a1c-58a5-4d0b-9c5e-2f1a6a1b7c01";
    private static final String INSTITUTION = "https://example.org/institution";

    @TestConfiguration
    static class Issuer {

        @Bean
        JwtDecoder decoder() {
            return NimbusJwtDecoder.withPublicKey((RSAPublicKey) KEY.getPublic())
                    .build();
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @MockitoBean
    private Acceptance acceptance;

    @MockitoBean
    private Outages outages;

    @MockitoBean
    private TransferViews views;

    @MockitoBean
    private Documents documents;

    @MockitoBean
    private Cancellation cancellation;

    @MockitoBean
    private Destinations destinations;

    @MockitoBean
    private DeadLetters deadLetters;

    @MockitoBean
    private Replays replays;

    @MockitoBean
    private Retention retention;

    @MockitoBean
    private Imports imports;

    @MockitoBean
    private ImportViews importViews;

    @BeforeEach
    void standIn() {
        when(views.page(any(), any(), anyInt())).thenReturn(new TransferPage(List.of(), null));
        when(views.details(any(), any())).thenReturn(Optional.empty());
    }

    @Test
    void takesNameRolesAndInstitutionFromTheToken() throws Exception {
        String token = token(KEY, claims("example.edu", "client", "dentist"), Duration.ofMinutes(5));

        assertThat(get("/api/v1/transfers/" + ID, token).statusCode()).isEqualTo(404);

        ArgumentCaptor<Caller> caller = ArgumentCaptor.forClass(Caller.class);
        verify(views).details(any(), caller.capture());
        assertThat(caller.getValue()).isEqualTo(new Caller("portal", "example.edu", Set.of(Caller.Role.CLIENT)));
    }

    /** An operator, an integrator or an officer sees more by the calls of that role, never by those of another. */
    @ParameterizedTest
    @CsvSource({
        "/elmo,   client,   integrator, CLIENT",
        "/elmo,   client,   operator,   CLIENT",
        "/elmo,   officer,  integrator, OFFICER",
        "/report, client,   officer,    CLIENT",
        "/report, officer,  integrator, INTEGRATOR"
    })
    void callsInTheRolesThatTheCallAdmits(String call, String one, String other, Caller.Role admitted)
            throws Exception {
        String token = token(KEY, claims("example.edu", one, other), Duration.ofMinutes(5));

        assertThat(get("/api/v1/transfers/" + ID + call, token).statusCode()).isEqualTo(404);

        ArgumentCaptor<Caller> caller = ArgumentCaptor.forClass(Caller.class);
        verify(views).details(any(), caller.capture());
        assertThat(caller.getValue()).isEqualTo(new Caller("portal", "example.edu", Set.of(admitted)));
    }

    @Test
    void givesNothingToATokenWithoutInstitution() throws Exception {
        Map<String, Object> claims = Map.of("realm_access", Map.of("roles", List.of("client")));

        refused(get("/api/v1/transfers", token(KEY, claims, Duration.ofMinutes(5))), 403, "forbidden");
    }

    @Test
    void givesNothingToATokenWithoutRole() throws Exception {
        refused(get("/api/v1/transfers", token(KEY, claims("example.edu"), Duration.ofMinutes(5))), 403, "forbidden");
    }

    @Test
    void refusesAnExpiredToken() throws Exception {
        String token = token(KEY, claims("example.edu", "client"), Duration.ofMinutes(-5));

        refused(get("/api/v1/transfers", token), 401, "unauthenticated");
    }

    @Test
    void refusesATokenWithoutAnEnd() throws Exception {
        String token = token(KEY, claims("example.edu", "client"), set -> set.expirationTime(null));

        refused(get("/api/v1/transfers", token), 401, "unauthenticated");
    }

    /** The ledger keeps the names; what it can't keep, or what would break a line of a log, is nobody's name. */
    @Test
    void givesNothingToANameThatTheLedgerCanNotKeep() throws Exception {
        for (String name : List.of("x".repeat(201), "por\ntal", "por\u0000tal", "por\u009Ftal", " ")) {
            refused(
                    get("/api/v1/transfers", token(KEY, claims("example.edu", "client"), set -> set.subject(name))),
                    403,
                    "forbidden");
            refused(
                    get("/api/v1/transfers", token(KEY, claims(name, "client"), Duration.ofMinutes(5))),
                    403,
                    "forbidden");
        }
    }

    /** As an escape a lone half of a character passes UTF-8 and the decoder. */
    @Test
    void givesNothingToANameWithHalfACharacter() throws Exception {
        JWSObject token = new JWSObject(
                new JWSHeader(JWSAlgorithm.RS256),
                new Payload("{\"sub\":\"por\\ud800tal\",\"" + INSTITUTION + "\":\"example.edu\",\"exp\":"
                        + Instant.now().plusSeconds(300).getEpochSecond()
                        + ",\"realm_access\":{\"roles\":[\"client\"]}}"));
        token.sign(new RSASSASigner(KEY.getPrivate()));

        refused(get("/api/v1/transfers", token.serialize()), 403, "forbidden");
    }

    @Test
    void refusesATokenOfSomebodyElse() throws Exception {
        String token = token(key(), claims("example.edu", "client"), Duration.ofMinutes(5));

        HttpResponse<String> answer = get("/api/v1/transfers", token);

        refused(answer, 401, "unauthenticated");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    }

    @Test
    void knowsNoDemoUsers() throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri("/api/v1/transfers")).header("Authorization", "Basic Y2xpZW50OmRlbW8=");

        refused(http.send(request.build(), BodyHandlers.ofString()), 401, "unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v3/api-docs/demo", "/api/v1/demo/sis/deciding/received", "/simulators/x"})
    void hasNothingOfTheDemo(String path) throws Exception {
        String admin = token(KEY, claims("example.edu", "admin"), Duration.ofMinutes(5));

        refused(get(path, admin), 404, "not_found");
    }

    private static void refused(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    }

    private static Map<String, Object> claims(String institution, String... roles) {
        return Map.of(INSTITUTION, institution, "realm_access", Map.of("roles", List.of(roles)));
    }

    private static String token(KeyPair key, Map<String, Object> claims, Duration validity) throws JOSEException {
        return token(
                key, claims, set -> set.expirationTime(Date.from(Instant.now().plus(validity))));
    }

    private static String token(KeyPair key, Map<String, Object> claims, Consumer<JWTClaimsSet.Builder> change)
            throws JOSEException {
        Instant expires = Instant.now().plus(Duration.ofMinutes(5));
        JWTClaimsSet.Builder set = new JWTClaimsSet.Builder()
                .subject("portal")
                .issueTime(Date.from(expires.minus(Duration.ofHours(2))))
                .expirationTime(Date.from(expires));
        claims.forEach(set::claim);
        change.accept(set);
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), set.build());
        token.sign(new RSASSASigner(key.getPrivate()));
        return token.serialize();
    }

    private static KeyPair key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token);
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
