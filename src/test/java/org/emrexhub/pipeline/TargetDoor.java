package org.emrexhub.pipeline;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.emrexhub.catalog.Sis;
import org.emrexhub.delivery.Delivery;
import org.emrexhub.delivery.Item;
import org.emrexhub.delivery.ItemResult;
import org.emrexhub.elmo.Credit;
import org.emrexhub.mapping.SisMapping;
import org.emrexhub.transfer.NewTransfer;

/** What reads a target's answer, without the target: from a push, from a verify, and from a dropped file. */
public final class TargetDoor {

    private final CamelContext camel;

    public TargetDoor(CamelContext camel) {
        this.camel = camel;
    }

    /** How many items a target's answer tells of. */
    public int read(byte[] answer, boolean presence) {
        Map<String, ItemResult> results = TargetAnswer.read(answer, presence);
        results.values().forEach(result -> {
            if (result.code() != null && result.code().length() > 64) {
                throw new IllegalStateException("a code that the ledger can't hold");
            }
            if (result.targetId() != null && result.targetId().length() > 128) {
                throw new IllegalStateException("an id that the ledger can't hold");
            }
        });
        return results.size();
    }

    /** The transfer after which an answer file of this name is named. */
    public String transferOf(String fileName) {
        Exchange exchange = new DefaultExchange(camel);
        exchange.getMessage().setHeader(Exchange.FILE_NAME_ONLY, fileName);
        new DroppedFiles().answered(exchange);
        return exchange.getVariable("transferId", String.class);
    }

    /** The payload that a target would be sent of a document, with every credit in one batch. */
    public byte[] payload(SisMapping mapping, Sis sis, byte[] elmo, List<Credit> credits) {
        NewTransfer.Decision decision = new NewTransfer.Decision("officer-1", "Olli Opintoasiat", null, Instant.EPOCH);
        NewTransfer request = new NewTransfer(
                List.of("any"),
                sis.id(),
                null,
                NewTransfer.Hold.NONE,
                new NewTransfer.Learner(
                        "nationalIdentifier", "170599-902M", "person-1", "Testi", "Esimerkki", LocalDate.EPOCH),
                new NewTransfer.ConsentGiven("consent-1", "2026-1", sis.id(), Instant.EPOCH, null),
                decision);
        List<Item> items = credits.stream()
                .map(credit -> new Item(
                        Integer.toString(credit.position()),
                        credit.position(),
                        "k".repeat(43),
                        "v".repeat(43),
                        null,
                        null,
                        Item.Outcome.PENDING,
                        null,
                        null))
                .toList();
        Delivery delivery = new Delivery(
                new UUID(0, 0),
                1,
                1,
                sis.id(),
                request,
                "person-1",
                Optional.of(decision),
                elmo,
                items,
                List.of(),
                List.of(),
                false);
        byte[] document = DeliveryDocument.write(delivery, "person-1", "2026-11-24", items, Function.identity());
        return sis.mapping().isEmpty() ? elmo : mapping.payload(sis.mapping().get(), document, sis.parameters());
    }
}
