package org.emrexhub.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.Problem.Fault;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.transfer.Caller;
import org.emrexhub.transfer.NewTransfer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferRequestsTests {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOW = "2026-02-02T12:00:00Z";
    private static final Contract CONTRACT = Contract.read(Systems.HOME.resolve("routes/api/openapi.yaml"));

    private static final TransferRequests REQUESTS =
            new TransferRequests(Systems.catalog(), Clock.fixed(Instant.parse(NOW), ZoneOffset.UTC));

    @Test
    void readsARequest() {
        NewTransfer transfer = read(sound());

        assertThat(transfer.registers()).containsExactly("north", "south");
        assertThat(transfer.sis()).isEqualTo("deciding");
        assertThat(transfer.hold()).isEqualTo(NewTransfer.Hold.NONE);
        assertThat(transfer.learner())
                .isEqualTo(new NewTransfer.Learner(
                        "nationalIdentifier",
                        "010199-987U",
                        "person-1",
                        "Maija Testi",
                        "Esimerkki",
                        LocalDate.of(1999, 1, 1)));
        assertThat(transfer.consent())
                .isEqualTo(new NewTransfer.ConsentGiven(
                        "consent-1",
                        "2026-01",
                        "deciding",
                        Instant.parse("2026-02-02T09:00:00Z"),
                        Instant.parse("2027-02-02T09:00:00Z")));
        assertThat(transfer.decision())
                .isEqualTo(new NewTransfer.Decision(
                        "officer-1", "Olli Opintosihteeri", "Study secretary", Instant.parse("2026-02-02T10:00:00Z")));
    }

    @Test
    void takesTheTargetsIdFromTheDecision() {
        NewTransfer transfer = read(with(request -> {
            learner(request).remove("targetId");
            ((ObjectNode) request.get("decision")).put("targetId", "person-2");
        }));

        assertThat(transfer.learner().targetId()).isEqualTo("person-2");
    }

    @Test
    void asksForNoTargetIdWhereAnOfficerWillBeAsked() {
        assertThat(read(with(request -> {
                            learner(request).remove("targetId");
                            request.remove("decision");
                        }))
                        .decision())
                .isNull();
        assertThat(read(with(request -> {
                            request.put("sis", "targeted")
                                    .put("hold", "decision")
                                    .remove("decision");
                            consent(request).put("recipient", "targeted");
                            learner(request).remove("targetId");
                        }))
                        .hold())
                .isEqualTo(NewTransfer.Hold.DECISION);
    }

    /** The ledger's column counts in UTF-16 units. */
    @Test
    void takesAVersionOfTheConsentsTextThatTheLedgerCanKeep() {
        String longest = "ä € \uFFFD ".repeat(9) + "x";

        assertThat(read(with(request -> consent(request).put("textVersion", longest)))
                        .consent()
                        .textVersion())
                .isEqualTo(longest);
        for (String version :
                List.of("\uD83D\uDE00".repeat(33), "2026 \uD83D\uDE00", " ", "x".repeat(65), "20\u008526")) {
            assertThatThrownBy(() -> read(with(request -> consent(request).put("textVersion", version))))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.faults())
                                    .extracting(Fault::pointer)
                                    .containsExactly("/consent/textVersion"));
        }
    }

    @Test
    void takesAConsentGivenByAClockThatIsALittleAhead() {
        assertThat(read(with(request -> consent(request).put("givenAt", "2026-02-02T12:02:00Z")))
                        .consent()
                        .givenAt())
                .isEqualTo("2026-02-02T12:02:00Z");
    }

    @TestFactory
    List<DynamicTest> refusesWithTheCodeOfTheFault() {
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(refusal(
                "register_unknown", "/registers/1", request -> request.set("registers", array("north", "west"))));
        tests.add(refusal("sis_unknown", "/sis", request -> {
            request.put("sis", "west");
            consent(request).put("recipient", "west");
        }));
        tests.add(refusal(
                "identifier_unsupported",
                "/learner/identifier/type",
                request -> identifier(request).put("type", "studentNumber").put("value", "0000042")));
        tests.add(refusal(
                "identifier_malformed",
                "/learner/identifier",
                request -> identifier(request).put("value", "010199-987Ux")));
        tests.add(refusal("consent_missing", "/consent", request -> request.remove("consent")));
        for (String part : List.of("reference", "textVersion", "recipient", "givenAt")) {
            tests.add(refusal(
                    "consent_missing",
                    "/consent/" + part,
                    request -> consent(request).remove(part)));
        }
        tests.add(refusal(
                "consent_expired",
                "/consent/expiresAt",
                request -> consent(request).put("expiresAt", NOW)));
        tests.add(refusal(
                "consent_wrong_recipient",
                "/consent/recipient",
                request -> consent(request).put("recipient", "plain")));
        tests.add(refusal(
                "target_person_unknown",
                "/learner/targetId",
                request -> learner(request).remove("targetId")));
        tests.add(refusal("target_person_unknown", "/learner/targetId", request -> {
            request.put("sis", "targeted").remove("decision");
            consent(request).put("recipient", "targeted");
            learner(request).remove("targetId");
        }));
        return tests;
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "absent",
            value = {
                "/registers,            absent,                 required",
                "/registers,            [],                     too_few",
                "/registers,            '[\"north\",\"north\"]', duplicate",
                "/registers,            '\"north\"',            type_wrong",
                "/registers/0,          '[7]',                  type_wrong",
                "/sis,                  absent,                 required",
                "/sis,                  null,                   type_wrong",
                "/purpose,              '\"\"',                 too_short",
                "/purpose,              '\"  \"',               pattern_mismatch",
                "/purpose,              '\"a\\u0000b\"',        character_refused",
                "/purpose,              '\"a\\ud800b\"',        character_refused",
                "/hold,                 '\"selection\"',        value_unknown",
                "/learner,              absent,                 required",
                "/learner,              '[]',                   type_wrong",
                "/learner/identifier,   absent,                 required",
                "/learner/identifier/type, '\"shoeSize\"',      value_unknown",
                "/learner/givenNames,   absent,                 required",
                "/learner/familyName,   7,                      type_wrong",
                "/learner/birthDate,    '\"2025-02-29\"',       format_invalid",
                "/learner/birthDate,    '\"01.01.1999\"',       format_invalid",
                "/learner/birthDate,    '\"2026-02-03\"',       date_in_future",
                "/consent/givenAt,      '\"2026-02-02\"',       format_invalid",
                "/consent/givenAt,      '\"2026-02-02T12:02:01Z\"', date_in_future",
                "/consent/expiresAt,    '\"2027-02-30T09:00:00Z\"', format_invalid",
                "/decision/acceptor,    absent,                 required",
                "/decision/decidedAt,   absent,                 required",
                "/decision/decidedAt,   '\"2026-02-02T13:00:00Z\"', date_in_future",
                "/decision/targetId,    '\"person-2\"',         contradiction"
            })
    void refusesWhatTheContractDoesNotDescribe(String pointer, String value, String code) throws Exception {
        Problem refused = refused(with(request -> set(request, pointer, value)));

        assertThat(refused.code()).isEqualTo(ProblemCode.REQUEST_INVALID);
        assertThat(refused.faults()).containsExactly(new Fault(pointer, code));
    }

    @Test
    void namesAnUnknownPropertyByItsPlaceOnly() {
        Problem refused = refused(with(request -> identifier(request).put("MARKER", "x")));

        assertThat(refused.faults()).containsExactly(new Fault("/learner/identifier", "property_unknown"));
    }

    @Test
    void tellsAllFaultsAtOnce() {
        Problem refused = refused(with(request -> {
            request.set("registers", array("north", "west"));
            request.put("hold", "selection");
            request.put("more", true);
            learner(request).remove("familyName");
            learner(request).put("birthDate", "yesterday");
            identifier(request).put("value", "?");
            consent(request).remove("textVersion");
            consent(request).put("recipient", "plain").put("expiresAt", "2026-01-01T00:00:00Z");
        }));

        assertThat(refused.code()).isEqualTo(ProblemCode.REQUEST_INVALID);
        assertThat(refused.faults())
                .containsExactlyInAnyOrder(
                        new Fault("", "property_unknown"),
                        new Fault("/registers/1", "register_unknown"),
                        new Fault("/hold", "value_unknown"),
                        new Fault("/learner/familyName", "required"),
                        new Fault("/learner/birthDate", "format_invalid"),
                        new Fault("/learner/identifier", "identifier_malformed"),
                        new Fault("/consent/textVersion", "consent_missing"),
                        new Fault("/consent/recipient", "consent_wrong_recipient"),
                        new Fault("/consent/expiresAt", "consent_expired"));
    }

    /** Puts a marker into every text of the request in turn, and into every name of a property. */
    @TestFactory
    List<DynamicTest> repeatsNoValueOfTheRequest() {
        List<DynamicTest> tests = new ArrayList<>();
        List<String> pointers = new ArrayList<>();
        texts(sound(), "", pointers);
        for (String pointer : pointers) {
            tests.add(DynamicTest.dynamicTest(pointer, () -> {
                ObjectNode broken = with(request -> {
                    set(request, pointer, "\"MARKER\\u0007\"");
                    request.put("MARKER", "MARKER");
                    identifier(request).put("MARKER", "MARKER");
                });
                Problem refused = refused(broken);
                assertThat(refused.detail()).doesNotContain("MARKER");
                assertThat(refused.faults().toString()).doesNotContain("MARKER");
            }));
            tests.add(DynamicTest.dynamicTest(pointer + " alone", () -> {
                Problem refused = catchThrowableOfType(
                        Problem.class, () -> read(with(request -> set(request, pointer, "\"MARKER\""))));
                if (refused != null) {
                    assertThat(refused.detail()).doesNotContain("MARKER");
                    assertThat(refused.faults().toString()).doesNotContain("MARKER");
                }
            }));
        }
        return tests;
    }

    @Test
    void demandsAnIdempotencyKey() {
        ObjectNode none = JsonNodeFactory.instance.objectNode();

        assertThat(catchThrowableOfType(Problem.class, () -> REQUESTS.read(call(sound(), none)))
                        .faults())
                .containsExactly(new Fault("header:Idempotency-Key", "required"));
    }

    @ParameterizedTest
    @CsvSource({"'two words',pattern_mismatch", "'ä',pattern_mismatch", "'',too_short"})
    void refusesAnIdempotencyKeyThatIsNotVisibleAscii(String key, String code) {
        ObjectNode headers = JsonNodeFactory.instance.objectNode().put("Idempotency-Key", key);

        assertThat(catchThrowableOfType(Problem.class, () -> REQUESTS.read(call(sound(), headers)))
                        .faults())
                .containsExactly(new Fault("header:Idempotency-Key", code));
    }

    @Test
    void refusesTwoIdempotencyKeys() {
        ObjectNode headers = JsonNodeFactory.instance.objectNode();
        headers.set("Idempotency-Key", array("a", "b"));

        assertThat(catchThrowableOfType(Problem.class, () -> REQUESTS.read(call(sound(), headers)))
                        .faults())
                .containsExactly(new Fault("header:Idempotency-Key", "repeated"));
    }

    private DynamicTest refusal(String code, String pointer, Consumer<ObjectNode> change) {
        return DynamicTest.dynamicTest(code + " at " + pointer, () -> {
            Problem refused = refused(with(change));
            assertThat(refused.code().wireName()).isEqualTo(code);
            assertThat(refused.code().status()).isEqualTo(422);
            assertThat(refused.faults()).containsExactly(new Fault(pointer, code));
        });
    }

    private Problem refused(ObjectNode request) {
        Problem refused = catchThrowableOfType(Problem.class, () -> read(request));
        assertThat(refused).as("the request is taken").isNotNull();
        return refused;
    }

    private NewTransfer read(ObjectNode request) {
        return REQUESTS.read(call(request, JsonNodeFactory.instance.objectNode().put("Idempotency-Key", "key-1")));
    }

    private static ApiCall call(ObjectNode request, ObjectNode headers) {
        Operation operation = CONTRACT.all().stream()
                .filter(known -> known.id().equals("createTransfer"))
                .findFirst()
                .orElseThrow();
        return new ApiCall(
                operation,
                new Caller("client", "demo.example", Set.of(Caller.Role.CLIENT)),
                Map.of(),
                JsonNodeFactory.instance.objectNode(),
                headers,
                bytes(request));
    }

    private static byte[] bytes(ObjectNode request) {
        try {
            return JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsBytes(request);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static ObjectNode with(Consumer<ObjectNode> change) {
        ObjectNode request = sound();
        change.accept(request);
        return request;
    }

    static ObjectNode sound() {
        try {
            return (ObjectNode) JSON.readTree("""
                    {"registers": ["north", "south"], "sis": "deciding", "purpose": "Recognition",
                     "learner": {"identifier": {"type": "nationalIdentifier", "value": "010199-987U"},
                       "targetId": "person-1", "givenNames": "Maija Testi", "familyName": "Esimerkki",
                       "birthDate": "1999-01-01"},
                     "consent": {"reference": "consent-1", "textVersion": "2026-01", "recipient": "deciding",
                       "givenAt": "2026-02-02T09:00:00Z", "expiresAt": "2027-02-02T09:00:00Z"},
                     "decision": {"acceptor": {"personId": "officer-1", "name": "Olli Opintosihteeri",
                       "title": "Study secretary"}, "decidedAt": "2026-02-02T10:00:00Z"}}
                    """);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static void texts(JsonNode node, String at, List<String> pointers) {
        if (node.isTextual()) {
            pointers.add(at);
        }
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            texts(property.getValue(), at + "/" + property.getKey(), pointers);
        }
        for (int index = 0; node.isArray() && index < node.size(); index++) {
            texts(node.get(index), at + "/" + index, pointers);
        }
    }

    private static void set(ObjectNode request, String pointer, String json) {
        int end = pointer.lastIndexOf('/');
        JsonNode parent = request.at(pointer.substring(0, end));
        String name = pointer.substring(end + 1);
        try {
            if (parent instanceof ArrayNode array) {
                JsonNode value = JSON.readTree(json);
                array.set(Integer.parseInt(name), value.isArray() ? value.get(0) : value);
            } else if (json == null) {
                ((ObjectNode) parent).remove(name);
            } else {
                ((ObjectNode) parent).set(name, JSON.readTree(json));
            }
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static ArrayNode array(String... values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (String value : values) {
            array.add(TextNode.valueOf(value));
        }
        return array;
    }

    private static ObjectNode learner(ObjectNode request) {
        return (ObjectNode) request.get("learner");
    }

    private static ObjectNode identifier(ObjectNode request) {
        return (ObjectNode) learner(request).get("identifier");
    }

    private static ObjectNode consent(ObjectNode request) {
        return (ObjectNode) request.get("consent");
    }
}
