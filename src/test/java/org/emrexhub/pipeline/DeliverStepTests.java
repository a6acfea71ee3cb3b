package org.emrexhub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Sis;
import org.emrexhub.delivery.Claims;
import org.emrexhub.delivery.Deliveries;
import org.emrexhub.delivery.Delivery;
import org.emrexhub.delivery.Item;
import org.emrexhub.delivery.Item.Outcome;
import org.emrexhub.mapping.SisMapping;
import org.emrexhub.transfer.Destinations;
import org.emrexhub.transfer.NewTransfer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken for settled that a target says it has: it tells ids, and no versions. */
class DeliverStepTests {

    private static final NewTransfer REQUEST = new NewTransfer(
            List.of("fi-virta"),
            "xx-sis",
            null,
            NewTransfer.Hold.NONE,
            new NewTransfer.Learner(
                    "nationalIdentifier", "240295-903R", null, "Testi", "Esimerkki", LocalDate.of(1995, 2, 24)),
            new NewTransfer.ConsentGiven("consent-1", "2026-1", "xx-sis", Instant.EPOCH, null),
            null);

    private final DeliverStep step = new DeliverStep(
            mock(Claims.class),
            mock(Deliveries.class),
            mock(Destinations.class),
            mock(Catalog.class),
            mock(SisMapping.class),
            Clock.systemUTC());

    @Test
    void takesALostItemForSettledThatIsThere() {
        assertThat(settle(lost(null)).hasNext()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key-1", "key-of-another-credit"})
    void sendsALostItemAgainThatTakesThePlaceOfAnotherOrOfAnEarlierVersion(String supersedes) {
        assertThat(settle(lost(supersedes)).hasNext()).isTrue();
    }

    private DeliveryRun settle(Item item) {
        Sis sis = new Sis(
                "xx-sis",
                "Example",
                Sis.Mode.POST,
                Set.of(),
                100,
                false,
                Sis.OnUnknown.VERIFY,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                "{creditKey}",
                Map.of(),
                Set.of(),
                Path.of("xx-sis"),
                Optional.empty());
        Delivery delivery = new Delivery(
                UUID.randomUUID(),
                3,
                2,
                "xx-sis",
                REQUEST,
                null,
                Optional.empty(),
                new byte[0],
                List.of(item),
                List.of(item),
                List.of(),
                false);
        DeliveryRun run = new DeliveryRun(sis, delivery, Long.MAX_VALUE);
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setVariable(DeliverStep.RUN, run);
        exchange.getMessage().setBody("{\"items\": [{\"ref\": \"1\"}]}".getBytes(StandardCharsets.UTF_8));
        step.takeSettled(exchange);
        return run;
    }

    /** Sent once in this version, and nobody heard what came of it. */
    private static Item lost(@Nullable String supersedes) {
        return new Item("1", 1, "key-1", "version", "version", supersedes, Outcome.UNKNOWN, null, null);
    }
}
