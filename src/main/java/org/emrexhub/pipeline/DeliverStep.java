package org.emrexhub.pipeline;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Sis;
import org.emrexhub.delivery.Claims;
import org.emrexhub.delivery.Deliveries;
import org.emrexhub.delivery.Delivery;
import org.emrexhub.delivery.Item;
import org.emrexhub.delivery.ItemResult;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.SisMapping;
import org.emrexhub.transfer.Destinations;
import org.emrexhub.transfer.NewTransfer;
import org.emrexhub.transfer.Vault;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What {@code routes/hub/7-deliver} calls: claim, resolve, settle, push batch by batch, record. */
@Component("deliver")
class DeliverStep {

    private static final Logger log = LoggerFactory.getLogger(DeliverStep.class);

    static final String RUN = "deliveryRun";
    private static final String BATCH_REJECTED = "batch_rejected";

    private final Claims claims;
    private final Deliveries deliveries;
    private final Destinations destinations;
    private final Catalog catalog;
    private final SisMapping mapping;
    private final Clock clock;

    DeliverStep(
            Claims claims,
            Deliveries deliveries,
            Destinations destinations,
            Catalog catalog,
            SisMapping mapping,
            Clock clock) {
        this.claims = claims;
        this.deliveries = deliveries;
        this.destinations = destinations;
        this.catalog = catalog;
        this.mapping = mapping;
        this.clock = clock;
    }

    /** Claims the delivery if the message is due, and lays out what the target's routes need. */
    public void claim(Exchange exchange) {
        Message message = Message.of(exchange);
        String id = exchange.getVariable("sis", String.class);
        Sis sis = catalog.sis(id)
                .orElseThrow(() -> new IllegalStateException("no student information system '" + id + "'"));
        long lookUntil = System.nanoTime() + claims.atOnce().toNanos();
        Optional<Delivery> claimed = claims.claim(sis, message.transferId(), message.revision());
        exchange.setVariable("due", claimed.isPresent());
        claimed.ifPresent(delivery -> {
            NewTransfer.Learner learner = delivery.request().learner();
            DeliveryRun run = new DeliveryRun(sis, delivery, lookUntil);
            if (delivery.settleOnly() && !hasRoute(sis, "verify")) {
                // Sending needs a consent, and this target can't be asked: what landed stays unknown, and visible.
                run.stop(new HubFailure(FailureCode.CONSENT_EXPIRED));
            }
            exchange.setVariable(RUN, run);
            exchange.setVariable("stage", "DELIVER");
            exchange.setVariable("party", "sis");
            exchange.setVariable("timeout", sis.timeout().toMillis());
            exchange.setVariable("targetId", delivery.targetId());
            exchange.setVariable("person", delivery.targetId());
            exchange.setVariable("identifierType", learner.identifierType());
            exchange.setVariable("identifier", learner.identifier());
            exchange.setVariable("givenNames", learner.givenNames());
            exchange.setVariable("familyName", learner.familyName());
            exchange.setVariable("birthDate", learner.birthDate().toString());
            // Where every credit is there already nobody needs to be found.
            exchange.setVariable("resolves", !delivery.toSend().isEmpty() && hasRoute(sis, "resolve"));
            Outside.begin(exchange);
            exchange.getMessage().setBody(null);
        });
    }

    private static boolean hasRoute(Sis sis, String verb) {
        Path file = sis.routes().resolve(verb + ".camel.yaml");
        return Files.exists(file);
    }

    /** Takes the person that the target's {@code resolve} found. */
    public void takePerson(Exchange exchange) {
        DeliveryRun run = run(exchange);
        Outside.failure(exchange).ifPresent(run::stop);
        String person = exchange.getVariable("person", String.class);
        if (person == null || run.failure() != null) {
            return;
        }
        if (claims.rekey(run.sis(), run.delivery(), person)) {
            run.handBack();
        } else {
            run.person(person);
        }
    }

    /** Whether the target is to be asked for what may have landed earlier, and can be. */
    public boolean hasQuestion(Exchange exchange) {
        DeliveryRun run = run(exchange);
        boolean settles =
                run.sis().onUnknown() == Sis.OnUnknown.VERIFY || run.delivery().settleOnly();
        return settles && run.hasQuestion() && hasRoute(run.sis(), "verify");
    }

    /** Lays out what to ask the target for: no more items than it takes in one push. */
    public void nextQuestion(Exchange exchange) {
        DeliveryRun run = run(exchange);
        if (run.needsAnotherLook()) {
            // Only the lease counts: to ask needs no consent.
            claims.renew(run.sis(), run.delivery());
        }
        exchange.setVariable("items", listed(run.sis(), run.question()));
        exchange.setVariable("timeout", run.sis().timeout().toMillis());
        Outside.begin(exchange);
        exchange.getMessage().setBody(null);
    }

    /** Takes what the target's {@code verify} says it has. */
    public void takeSettled(Exchange exchange) {
        DeliveryRun run = run(exchange);
        Optional<HubFailure> failure = Outside.failure(exchange);
        boolean lost = !run.delivery().toSettle().isEmpty();
        if (failure.isPresent()) {
            // What was lost is still not known, and the code says so, whatever kept the target from answering.
            run.stop(
                    lost
                            ? new HubFailure(
                                    FailureCode.SIS_TIMEOUT,
                                    "what landed could not be asked: "
                                            + failure.get().code())
                            : failure.get());
            return;
        }
        Map<String, Item> asked = new HashMap<>();
        run.question().forEach(item -> asked.put(item.ref(), item));
        Set<String> sent = new HashSet<>();
        run.delivery().toSettle().forEach(item -> sent.add(item.ref()));
        Set<String> absent = new HashSet<>(asked.keySet());
        Map<String, ItemResult> there = new LinkedHashMap<>();
        TargetAnswer.read(exchange.getMessage().getBody(byte[].class), true).forEach((ref, result) -> {
            Item item = asked.get(ref);
            absent.remove(ref);
            // Another version may be what stands under this id: then it is sent again, whatever is there.
            if (item != null && (!sent.contains(ref) || item.isThereIfItsIdIs())) {
                there.put(ref, new ItemResult(ItemResult.Said.ACCEPTED, null, result.targetId()));
            }
        });
        long others = there.keySet().stream().filter(ref -> !sent.contains(ref)).count();
        if (others > 0) {
            log.warn(
                    "Transfer {}: {} has {} of its credits already, which the ledger does not know of: sent before it"
                            + " was restored from a backup, or by another transfer whose answer was lost. They are not"
                            + " sent again.",
                    run.delivery().transferId(),
                    run.sis().id(),
                    others);
        }
        run.settled(there, absent);
        Outside.begin(exchange);
    }

    /** Whether another batch is to be sent. */
    public boolean hasNext(Exchange exchange) {
        return run(exchange).hasNext();
    }

    /** Lays out the next batch: payload in the body, items and time in variables; looks at the lease first. */
    public void nextBatch(Exchange exchange) {
        DeliveryRun run = run(exchange);
        Delivery delivery = run.delivery();
        List<Item> batch = run.next();
        byte[] payload = payload(run, batch);
        if (run.needsAnotherLook() && !claims.renew(run.sis(), delivery)) {
            run.stop(new HubFailure(FailureCode.CONSENT_EXPIRED));
            exchange.setVariable("sends", false);
            return;
        }
        exchange.setVariable("sends", true);
        exchange.setVariable("items", listed(run.sis(), batch));
        exchange.setVariable("payloadSha256", Vault.sha256(payload));
        exchange.setVariable("person", run.person());
        exchange.setVariable("timeout", run.sis().timeout().toMillis());
        Outside.begin(exchange);
        exchange.removeVariable("failureCode");
        exchange.getMessage().setBody(payload);
        exchange.setVariable("asking", true);
        run.flying(batch);
    }

    private byte[] payload(DeliveryRun run, List<Item> batch) {
        Optional<Path> folder = run.sis().mapping();
        if (folder.isEmpty()) {
            return run.delivery().elmo();
        }
        String today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString();
        byte[] document = DeliveryDocument.write(
                run.delivery(), run.person(), today, batch, creditKey -> targetId(run.sis(), creditKey));
        Map<String, String> parameters = new HashMap<>(run.sis().parameters());
        parameters.put("today", today);
        return mapping.payload(folder.get(), document, parameters);
    }

    /** Takes what the target said of the batch. */
    public void takeAnswer(Exchange exchange) {
        exchange.setVariable("asking", false);
        DeliveryRun run = run(exchange);
        if (BATCH_REJECTED.equals(exchange.getVariable("failure", String.class))) {
            run.refused(exchange.getVariable("failureCode", String.class));
            return;
        }
        Optional<HubFailure> failure = Outside.failure(exchange);
        if (failure.isPresent()) {
            run.stop(failure.get());
            return;
        }
        run.landed(TargetAnswer.read(exchange.getMessage().getBody(byte[].class), false));
    }

    /** Writes what came of the delivery. */
    public void record(Exchange exchange) {
        DeliveryRun run = run(exchange);
        HubFailure failure = run.failure();
        exchange.getMessage().setBody(null);
        if (run.isHandedBack()) {
            destinations.succeeded(Destinations.Kind.SIS, run.sis().id());
            return;
        }
        deliveries.record(
                run.sis(),
                run.delivery(),
                run.results(),
                failure == null ? null : failure.code(),
                failure == null
                        ? null
                        : Failures.safe(
                                failure.detail(), run.delivery().request().learner()));
        if (failure != null) {
            Failures.note(destinations, Destinations.Kind.SIS, run.sis().id(), failure.code(), run.hasAsked());
        } else if (run.hasAsked()) {
            destinations.succeeded(Destinations.Kind.SIS, run.sis().id());
        } else {
            destinations.notAsked(Destinations.Kind.SIS, run.sis().id());
        }
    }

    private static List<Map<String, String>> listed(Sis sis, List<Item> items) {
        return items.stream()
                .map(item -> {
                    Map<String, String> entry = new LinkedHashMap<>();
                    entry.put("ref", item.ref());
                    entry.put("creditKey", item.creditKey());
                    entry.put("version", item.version());
                    entry.put("targetId", targetId(sis, item.creditKey()));
                    item.supersedesOther().ifPresent(other -> entry.put("supersedes", targetId(sis, other)));
                    return entry;
                })
                .toList();
    }

    private static String targetId(Sis sis, String creditKey) {
        return sis.targetId().replace("{creditKey}", creditKey);
    }

    static @Nullable DeliveryRun runOrNull(Exchange exchange) {
        return exchange.getVariable(RUN, DeliveryRun.class);
    }

    private static DeliveryRun run(Exchange exchange) {
        return exchange.getVariable(RUN, DeliveryRun.class);
    }
}
