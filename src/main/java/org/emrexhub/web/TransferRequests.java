package org.emrexhub.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.emrexhub.catalog.Sis;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.Problem.Fault;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.transfer.NewTransfer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads the request for a transfer: against the contract first, then against what this hub serves and what the consent
 * allows. All faults are told at once, none with a value of the request.
 */
@Component
public class TransferRequests {

    /** How far a client's clock may run ahead of the hub's. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(2);

    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private final Catalog catalog;
    private final Clock clock;

    TransferRequests(Catalog catalog, Clock clock) {
        this.catalog = catalog;
        this.clock = clock;
    }

    /**
     * Leaves the {@link NewTransfer} as the body, and {@code caller}, {@code idempotencyKey} and {@code rawBody} as
     * variables. What is wrong is left as the variable {@code refused}, since the same request may have made a transfer
     * while its consent still held; without a key there is none, and the {@link Problem} is thrown at once.
     */
    public void read(Exchange exchange) {
        ApiCall call = ApiRequests.call(exchange);
        NewTransfer transfer = null;
        try {
            transfer = read(call);
        } catch (Problem refused) {
            if (refused.faults().stream().anyMatch(fault -> fault.pointer().startsWith("header:"))
                    || ApiRequest.text(call.headers(), IDEMPOTENCY_KEY) == null) {
                throw refused;
            }
            exchange.setVariable("refused", refused);
        }
        exchange.setVariable("caller", call.caller());
        exchange.setVariable("idempotencyKey", ApiRequest.text(call.headers(), IDEMPOTENCY_KEY));
        exchange.setVariable("rawBody", call.body());
        exchange.getMessage().setBody(transfer);
    }

    NewTransfer read(ApiCall call) {
        ApiRequests.Read read = ApiRequests.read(call);
        JsonNode body = read.request().body();
        Check check = new Check(body, read.faults());
        check.consent();
        check.dates();
        check.systems();
        check.person();
        check.refuse();
        return transfer(body);
    }

    private static NewTransfer transfer(JsonNode body) {
        JsonNode learner = body.path("learner");
        JsonNode consent = body.path("consent");
        JsonNode decision = body.path("decision");
        List<String> registers = new ArrayList<>();
        body.path("registers").forEach(register -> registers.add(register.asText()));
        return new NewTransfer(
                List.copyOf(registers),
                mandatory(body, "sis"),
                ApiRequest.text(body, "purpose"),
                body.has("hold") ? NewTransfer.Hold.DECISION : NewTransfer.Hold.NONE,
                new NewTransfer.Learner(
                        mandatory(learner.path("identifier"), "type"),
                        mandatory(learner.path("identifier"), "value"),
                        targetId(body),
                        mandatory(learner, "givenNames"),
                        mandatory(learner, "familyName"),
                        LocalDate.parse(mandatory(learner, "birthDate"))),
                new NewTransfer.ConsentGiven(
                        mandatory(consent, "reference"),
                        mandatory(consent, "textVersion"),
                        mandatory(consent, "recipient"),
                        mandatoryInstant(consent, "givenAt"),
                        ApiRequest.instant(ApiRequest.text(consent, "expiresAt"))),
                decision.isObject() ? decision(decision) : null);
    }

    private static NewTransfer.Decision decision(JsonNode decision) {
        return acceptor(decision.path("acceptor"), mandatoryInstant(decision, "decidedAt"));
    }

    /** The person whom the target shall name, with the time of the decision. */
    static NewTransfer.Decision acceptor(JsonNode acceptor, Instant decidedAt) {
        return new NewTransfer.Decision(
                ApiRequest.text(acceptor, "personId"),
                mandatory(acceptor, "name"),
                ApiRequest.text(acceptor, "title"),
                decidedAt);
    }

    private static @Nullable String targetId(JsonNode body) {
        String ofLearner = ApiRequest.text(body.path("learner"), "targetId");
        return ofLearner != null ? ofLearner : ApiRequest.text(body.path("decision"), "targetId");
    }

    private static String mandatory(JsonNode object, String property) {
        return Objects.requireNonNull(ApiRequest.text(object, property), property);
    }

    private static Instant mandatoryInstant(JsonNode object, String property) {
        return Objects.requireNonNull(ApiRequest.instant(ApiRequest.text(object, property)), property);
    }

    /** The checks of one request that no schema can say. */
    private final class Check {

        private final JsonNode body;
        private final List<Fault> faults = new ArrayList<>();
        private final List<Refusal> refusals = new ArrayList<>();

        Check(JsonNode body, List<Fault> faults) {
            this.body = body;
            for (Fault fault : faults) {
                boolean ofConsent = fault.code().equals("required")
                        && (fault.pointer().equals("/consent")
                                || fault.pointer().startsWith("/consent/"));
                if (ofConsent) {
                    refuse(
                            ProblemCode.CONSENT_MISSING,
                            fault.pointer(),
                            "The consent must be there with reference, textVersion, recipient and givenAt. Add what is"
                                    + " missing; without a consent nothing may be transferred.");
                } else {
                    this.faults.add(fault);
                }
            }
        }

        void consent() {
            JsonNode consent = body.path("consent");
            String sis = sound("/sis") ? ApiRequest.text(body, "sis") : null;
            String recipient = sound("/consent/recipient") ? ApiRequest.text(consent, "recipient") : null;
            if (sis != null && recipient != null && !recipient.equals(sis)) {
                refuse(
                        ProblemCode.CONSENT_WRONG_RECIPIENT,
                        "/consent/recipient",
                        "The consent's recipient is not the sis of the request. Ask the learner for a consent to this"
                                + " recipient, or correct the sis.");
            }
            Instant expiresAt = instant("/consent/expiresAt");
            if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
                refuse(
                        ProblemCode.CONSENT_EXPIRED,
                        "/consent/expiresAt",
                        "The consent has run out. Ask the learner for a new one and send it with a new request.");
            }
        }

        void dates() {
            for (String pointer : List.of("/consent/givenAt", "/decision/decidedAt")) {
                Instant at = instant(pointer);
                if (at != null && at.isAfter(clock.instant().plus(CLOCK_SKEW))) {
                    faults.add(new Fault(pointer, "date_in_future"));
                }
            }
            String birthDate =
                    sound("/learner/birthDate") ? body.at("/learner/birthDate").textValue() : null;
            if (birthDate != null) {
                if (!ApiRequests.isDate(birthDate)) {
                    faults.add(new Fault("/learner/birthDate", "format_invalid"));
                } else if (LocalDate.parse(birthDate).isAfter(LocalDate.now(clock.withZone(ZoneOffset.UTC)))) {
                    faults.add(new Fault("/learner/birthDate", "date_in_future"));
                }
            }
        }

        void systems() {
            if (sound("/registers")) {
                for (int index = 0; index < body.path("registers").size(); index++) {
                    Optional<Register> register =
                            catalog.register(body.path("registers").get(index).asText());
                    if (register.isPresent()) {
                        identifier(register.get());
                    } else {
                        refuse(
                                ProblemCode.REGISTER_UNKNOWN,
                                "/registers/" + index,
                                "A named register is not served here. GET /api/v1/registers lists those that are: "
                                        + catalog.registers().stream()
                                                .map(Register::id)
                                                .toList() + ".");
                    }
                }
            }
            String sis = sound("/sis") ? ApiRequest.text(body, "sis") : null;
            if (sis != null && catalog.sis(sis).isEmpty()) {
                refuse(
                        ProblemCode.SIS_UNKNOWN,
                        "/sis",
                        "The sis is not served here. GET /api/v1/sis lists those that are: "
                                + catalog.sis().stream().map(Sis::id).toList() + ".");
            }
        }

        private void identifier(Register register) {
            String type = sound("/learner/identifier/type")
                    ? body.at("/learner/identifier/type").textValue()
                    : null;
            if (type == null) {
                return;
            }
            Pattern form = register.identifiers().get(type);
            if (form == null) {
                refuse(
                        ProblemCode.IDENTIFIER_UNSUPPORTED,
                        "/learner/identifier/type",
                        "The register '" + register.id() + "' does not take this type of identifier. It takes "
                                + register.identifiers().keySet().stream()
                                        .sorted()
                                        .toList() + ".");
                return;
            }
            String value = sound("/learner/identifier/value")
                    ? body.at("/learner/identifier/value").textValue()
                    : null;
            if (value != null && !form.matcher(value).matches()) {
                refuse(
                        ProblemCode.IDENTIFIER_MALFORMED,
                        "/learner/identifier",
                        "The identifier does not have the form that its type has in register '" + register.id()
                                + "'. Correct it and send the request again.");
            }
        }

        /** Whether the target's id of the learner is there where nobody will be asked for it later. */
        void person() {
            JsonNode decision = body.path("decision");
            String ofLearner = ApiRequest.text(body.path("learner"), "targetId");
            String ofDecision = ApiRequest.text(decision, "targetId");
            if (ofLearner != null && ofDecision != null && !ofLearner.equals(ofDecision)) {
                faults.add(new Fault("/decision/targetId", "contradiction"));
            }
            Optional<Sis> sis =
                    Optional.ofNullable(ApiRequest.text(body, "sis")).flatMap(catalog::sis);
            boolean held = !decision.isObject()
                    && (body.has("hold")
                            || sis.map(target -> target.requires(Sis.Requirement.DECISION))
                                    .orElse(false));
            boolean needed = sis.map(target -> target.requires(Sis.Requirement.TARGET_ID))
                    .orElse(false);
            boolean given = body.path("learner").has("targetId") || decision.has("targetId");
            if (needed && !held && !given && body.path("learner").isObject()) {
                refuse(
                        ProblemCode.TARGET_PERSON_UNKNOWN,
                        "/learner/targetId",
                        "The target needs the learner's id there. Send it as learner.targetId, or send the request without"
                                + " a decision: the officer then gives it.");
            }
        }

        /** Throws what was found: 400 if anything is not as the contract says, else the code of the first refusal. */
        void refuse() {
            List<Fault> all = new ArrayList<>(faults);
            refusals.forEach(refusal -> {
                if (!all.contains(refusal.fault())) {
                    all.add(refusal.fault());
                }
            });
            if (!faults.isEmpty()) {
                throw ApiRequests.invalid(all);
            }
            if (!refusals.isEmpty()) {
                Refusal first = refusals.get(0);
                String more = all.size() > 1 ? " There is more to correct: see errors." : "";
                throw new Problem(first.code(), first.detail() + more, all);
            }
        }

        private void refuse(ProblemCode code, String pointer, String detail) {
            refusals.add(new Refusal(code, new Fault(pointer, code.wireName()), detail));
        }

        private @Nullable Instant instant(String pointer) {
            String text = sound(pointer) ? body.at(pointer).textValue() : null;
            if (text == null) {
                return null;
            }
            if (!ApiRequests.isInstant(text)) {
                faults.add(new Fault(pointer, "format_invalid"));
                return null;
            }
            return ApiRequest.instant(text);
        }

        /** Whether nothing was found wrong at this place, in it or around it. */
        private boolean sound(String pointer) {
            return faults.stream()
                    .map(Fault::pointer)
                    .noneMatch(wrong -> wrong.equals(pointer)
                            || pointer.startsWith(wrong + "/") && wrongAsAWhole(wrong)
                            || wrong.startsWith(pointer + "/"));
        }

        /** An object with an unknown property is still readable; one that is no object is not. */
        private boolean wrongAsAWhole(String pointer) {
            return !body.at(pointer).isObject();
        }
    }

    private record Refusal(ProblemCode code, Fault fault, String detail) {}
}
