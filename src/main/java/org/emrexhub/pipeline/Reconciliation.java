package org.emrexhub.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.jms.JMSException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.transfer.Expected;
import org.emrexhub.transfer.Queues;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.stereotype.Component;

/**
 * Compares ledger and broker: browses first and asks the ledger afterwards. What is due and has had neither outbox row
 * nor message for a while gets a new row with the same number; the mirrors of dead letters are repaired both ways.
 */
@Component
class Reconciliation {

    private static final Logger log = LoggerFactory.getLogger(Reconciliation.class);

    private record Reference(String queue, UUID transferId, int revision) {}

    private final JmsTemplate jms;
    private final Mirrors mirrors;
    private final Expected expected;
    private final Catalog catalog;
    private final DispatchSettings settings;
    private final Clock clock;
    private final Counter drift;
    private Map<Reference, Instant> missingSince = new HashMap<>();

    Reconciliation(
            JmsTemplate jms,
            Mirrors mirrors,
            Expected expected,
            Catalog catalog,
            DispatchSettings settings,
            Clock clock,
            MeterRegistry meters) {
        this.jms = jms;
        this.mirrors = mirrors;
        this.expected = expected;
        this.catalog = catalog;
        this.settings = settings;
        this.clock = clock;
        this.drift = Counter.builder("emrexhub.dispatch.drift")
                .description("Messages and dead letter mirrors that ledger and broker disagreed on")
                .register(meters);
    }

    /** Compares once. */
    synchronized void run() {
        Set<Reference> browsed = new HashSet<>();
        List<Reference> mirrored = new ArrayList<>();
        List<String> queues = HubQueues.working(catalog);
        for (String queue : queues) {
            browsed.addAll(browse(queue));
            mirrored.addAll(browse(Queues.dead(queue)));
        }
        Set<String> ours = Set.copyOf(HubQueues.all(catalog));
        Set<Reference> mirrorSet = new HashSet<>(mirrored);
        Map<Reference, Instant> stillMissing = new HashMap<>();
        Instant now = clock.instant();
        for (Expected.Entry entry : expected.withoutOutboxRow()) {
            if (!ours.contains(entry.queue())) {
                // Its system left the catalogue: what is in that queue nobody can tell, and it waits until it is back.
                continue;
            }
            Reference reference = new Reference(entry.queue(), entry.transferId(), entry.revision());
            boolean there = Queues.isDead(entry.queue()) ? mirrorSet.contains(reference) : browsed.contains(reference);
            if (there) {
                continue;
            }
            Instant since = missingSince.getOrDefault(reference, now);
            if (Duration.between(since, now).compareTo(settings.lostAfter()) >= 0) {
                if (expected.addAgain(entry)) {
                    drift.increment();
                    log.warn("Transfer {} had no message in {}; it has a new one.", entry.transferId(), entry.queue());
                }
            } else {
                stillMissing.put(reference, since);
            }
        }
        missingSince = stillMissing;
        for (Reference mirror : mirrored) {
            if (!expected.isMirrorOf(mirror.queue(), mirror.transferId(), mirror.revision())) {
                mirrors.remove(mirror.queue(), mirror.transferId().toString(), mirror.revision());
                drift.increment();
                log.warn(
                        "Transfer {} is not dead by this revision; its message in {} is removed.",
                        mirror.transferId(),
                        mirror.queue());
            }
        }
    }

    private List<Reference> browse(String queue) {
        List<Reference> references = jms.browse(queue, (session, browser) -> {
            List<Reference> found = new ArrayList<>();
            Enumeration<?> messages = browser.getEnumeration();
            while (messages.hasMoreElements()) {
                Object message = messages.nextElement();
                if (message instanceof jakarta.jms.Message reference) {
                    read(queue, reference, found);
                }
            }
            return found;
        });
        return references == null ? List.of() : references;
    }

    private static void read(String queue, jakarta.jms.Message message, List<Reference> found) throws JMSException {
        String transferId = message.getStringProperty(HubHeaders.TRANSFER_ID);
        if (transferId != null && message.propertyExists(HubHeaders.REVISION)) {
            found.add(new Reference(queue, UUID.fromString(transferId), message.getIntProperty(HubHeaders.REVISION)));
        }
    }
}
