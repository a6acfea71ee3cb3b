package org.emrexhub.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.emrexhub.delivery.Item.Outcome;
import org.emrexhub.delivery.Remapping.Named;
import org.emrexhub.delivery.Remapping.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the ledger remembers of credits when a document is mapped anew. */
class RemappingTests {

    private static final Instant BEFORE = Instant.parse("2026-02-01T08:00:00Z");
    private static final Instant NOW = Instant.parse("2026-02-02T08:00:00Z");

    private static Named named(int position, String key, String version) {
        return new Named(Integer.toString(position), position, key, "los", version);
    }

    private static List<Row> map(List<Row> before, Named... credits) {
        return new Remapping(before, List.of(credits), NOW).rows();
    }

    /** What came of a credit since it was mapped. */
    private static List<Row> came(List<Row> rows, String key, UnaryOperator<Item> change) {
        return rows.stream()
                .map(row -> row.item().creditKey().equals(key) && !row.item().isSecondMention() && row.mapped()
                        ? new Row(change.apply(row.item()), row.losKey(), true, BEFORE)
                        : row)
                .toList();
    }

    private static UnaryOperator<Item> to(Outcome outcome) {
        return item -> new Item(
                item.ref(),
                item.position(),
                item.creditKey(),
                item.version(),
                item.version(),
                outcome.isDone() ? null : item.supersedes(),
                outcome,
                null,
                null);
    }

    private static Item only(List<Row> rows, String key) {
        List<Item> found = rows.stream()
                .map(Row::item)
                .filter(item -> item.creditKey().equals(key) && !item.isSecondMention())
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static @Nullable String supersedes(List<Row> rows, String key) {
        return only(rows, key).supersedes();
    }

    @Test
    void sendsTheFirstMentionOfACreditAlone() {
        List<Row> rows = map(List.of(), named(1, "k1", "v1"), named(2, "k1", "v1"), named(3, "k1", "v2"));

        assertThat(rows)
                .extracting(Row::item)
                .extracting(Item::ref, Item::outcome, Item::code)
                .containsExactly(
                        tuple("1", Outcome.PENDING, null),
                        tuple("2", Outcome.DUPLICATE, "credit_repeated"),
                        tuple("3", Outcome.REJECTED, "credit_contradicts"));
        assertThat(rows.get(1).item().wasSent()).isFalse();
        assertThat(rows.get(2).item().wasSent()).isFalse();
    }

    @Test
    void goesByTheFirstMentionWhenItMapsAgain() {
        List<Row> rows = map(List.of(), named(1, "k1", "v1"), named(2, "k1", "v1"));

        assertThat(only(map(rows, named(1, "k1", "v1"), named(2, "k1", "v1")), "k1")
                        .outcome())
                .isEqualTo(Outcome.PENDING);
        List<Row> accepted = came(rows, "k1", to(Outcome.ACCEPTED));
        assertThat(only(map(accepted, named(1, "k1", "v1")), "k1").outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void forgetsNothingOfWhatIsTheSame() {
        List<Row> accepted = came(map(List.of(), named(1, "k1", "v1")), "k1", to(Outcome.ACCEPTED));

        List<Row> again = map(accepted, named(4, "k1", "v1"));

        assertThat(again).hasSize(1);
        assertThat(again.get(0).item().ref()).isEqualTo("4");
        assertThat(again.get(0).item().outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(again.get(0).changedAt()).isEqualTo(BEFORE);
        assertThat(new Remapping(accepted, List.of(named(4, "k1", "v1")), NOW).isChanged())
                .isFalse();
    }

    @Test
    void changesAnotherVersionUnderTheSameId() {
        List<Row> accepted = came(map(List.of(), named(1, "k1", "v1")), "k1", to(Outcome.ACCEPTED));
        List<Row> lost = came(map(List.of(), named(1, "k1", "v1")), "k1", to(Outcome.UNKNOWN));

        Item changed = only(map(accepted, named(1, "k1", "v2")), "k1");
        Item settled = only(map(lost, named(1, "k1", "v2")), "k1");

        assertThat(changed.outcome()).isEqualTo(Outcome.PENDING);
        assertThat(changed.supersedes()).isEqualTo("k1");
        assertThat(changed.sentVersion()).isEqualTo("v1");
        assertThat(settled.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(settled.supersedes()).isEqualTo("k1");
    }

    @Test
    void takesThePlaceOfACreditOfTheSameCourseThatHasAnotherIdNow() {
        List<Row> accepted = came(map(List.of(), named(1, "k1", "v1")), "k1", to(Outcome.ACCEPTED));

        Remapping remapping = new Remapping(accepted, List.of(named(1, "k2", "v1")), NOW);

        assertThat(supersedes(remapping.rows(), "k2")).isEqualTo("k1");
        assertThat(remapping.noLongerMapped()).isEqualTo(1);
        assertThat(only(remapping.rows(), "k1").code()).isEqualTo("no_longer_mapped");
        assertThat(remapping.isChanged()).isTrue();
    }

    @Test
    void remembersWhatIsStillToBeReplacedThroughFurtherChanges() {
        List<Row> accepted = came(map(List.of(), named(1, "k1", "v1")), "k1", to(Outcome.ACCEPTED));
        List<Row> second = map(accepted, named(1, "k2", "v1"));

        assertThat(supersedes(map(second, named(1, "k2", "v2")), "k2")).isEqualTo("k1");
        assertThat(supersedes(map(second, named(1, "k3", "v1")), "k3")).isEqualTo("k1");
        assertThat(map(second, named(1, "k3", "v1")))
                .extracting(row -> row.item().creditKey())
                .containsExactly("k3", "k1");
    }

    @Test
    void replacesTheOneThatTookThePlaceOfTheFirst() {
        List<Row> accepted = came(map(List.of(), named(1, "k1", "v1")), "k1", to(Outcome.ACCEPTED));
        List<Row> second = new ArrayList<>(came(map(accepted, named(1, "k2", "v1")), "k2", to(Outcome.ACCEPTED)));
        second.replaceAll(row -> row.item().creditKey().equals("k1")
                ? new Row(row.item().withCode(Item.SUPERSEDED), row.losKey(), false, BEFORE)
                : row);

        assertThat(supersedes(map(second, named(1, "k3", "v1")), "k3")).isEqualTo("k2");
        Item back = only(map(second, named(1, "k1", "v1")), "k1");
        assertThat(back.outcome()).isEqualTo(Outcome.PENDING);
        assertThat(back.supersedes()).isEqualTo("k2");
    }

    @Test
    void givesOnePlaceToOneCreditAlone() {
        List<Row> accepted = came(map(List.of(), named(1, "k1", "v1")), "k1", to(Outcome.ACCEPTED));

        List<Row> rows = map(accepted, named(1, "k2", "v1"), named(2, "k3", "v1"));

        assertThat(supersedes(rows, "k2")).isEqualTo("k1");
        assertThat(supersedes(rows, "k3")).isNull();
    }

    @Test
    void keepsNothingOfWhatWasNeverSent() {
        List<Row> rows = map(List.of(), named(1, "k1", "v1"), named(2, "k1", "v1"));

        assertThat(map(rows, named(1, "k2", "v1")))
                .extracting(row -> row.item().creditKey())
                .containsExactly("k2");
    }
}
