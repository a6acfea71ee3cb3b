package org.emrexhub.spine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the protocol as far as they can be seen from outside: in the ledger, at the targets, and by looking at the
 * ledger again and again while the hub works. What breaks a rule is collected as a sentence.
 */
final class ProtocolCheck {

    /** The longest that a request may land after the claim it was sent under: a lease and a look's inaccuracy. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(7);

    private static final Set<String> FINAL = Set.of("DELIVERED", "REJECTED", "DISCARDED", "CANCELLED", "EXPIRED");
    private static final Map<String, String> LAST_EVENT = Map.of(
            "DELIVERED", "delivered",
            "DISCARDED", "discarded",
            "CANCELLED", "cancelled",
            "EXPIRED", "expired",
            "DEAD_LETTERED", "dead",
            "AWAITING_DECISION", "held");
    /** What may come after the event that made a transfer's status. */
    private static final Set<String> AFTERWARDS = Set.of("answered", "consent_withdrawn", "submitted");

    private record Seen(int revision, String state) {}

    private final Map<String, Seen> seen = new HashMap<>();
    private final List<String> broken = new ArrayList<>();

    /** Looks at every transfer: a number is never given twice nor taken back, and an end stays. */
    synchronized void look(HubProcess hub) {
        for (Map<String, String> row : hub.query("select id, revision, stage, status from transfer")) {
            String id = text(row, "id");
            Seen now =
                    new Seen(Integer.parseInt(text(row, "revision")), text(row, "stage") + " " + text(row, "status"));
            Seen before = seen.put(id, now);
            if (before == null || before.equals(now)) {
                continue;
            }
            if (now.revision() <= before.revision()) {
                broken.add(id + ": " + before + " became " + now);
            }
            if (FINAL.contains(before.state().substring(before.state().indexOf(' ') + 1))) {
                broken.add(id + ": the end " + before + " became " + now);
            }
        }
    }

    /** Everything that breaks a rule, once the hub has come to rest. */
    synchronized List<String> violations(HubProcess hub, SisuTarget sisu, Path inbox) throws IOException {
        look(hub);
        List<String> found = new ArrayList<>(broken);
        sisu.doubles().forEach((credit, ids) -> found.add("a credit has the ids " + ids));
        Map<String, List<Map<String, String>>> items =
                by("transfer_id", hub, "select * from delivery_item where mapped");
        Map<String, List<Map<String, String>>> events = by("transfer_id", hub, "select * from event order by id");
        Map<String, List<Map<String, String>>> attempts = by("transfer_id", hub, "select * from attempt order by no");
        Map<String, Map<String, String>> consents = hub.query("select * from consent where kind = 'SEND'").stream()
                .collect(Collectors.toMap(row -> text(row, "transfer_id"), row -> row));
        Map<String, Integer> owners = new HashMap<>();
        items.values().forEach(list -> list.forEach(item -> owners.merge(sisuId(item), 1, Integer::sum)));
        Set<String> known = new HashSet<>();
        for (Map<String, String> transfer : hub.query("select * from transfer")) {
            String id = text(transfer, "id");
            List<Map<String, String>> own = items.getOrDefault(id, List.of());
            String status = text(transfer, "status");
            List<Instant> landed = new ArrayList<>();
            if (text(transfer, "sis").equals("sisu")) {
                Set<String> ids = own.stream().map(ProtocolCheck::sisuId).collect(Collectors.toSet());
                ids.removeIf(each -> owners.getOrDefault(each, 0) > 1);
                sisu.taken().stream().filter(one -> ids.contains(one.id())).forEach(one -> landed.add(one.at()));
            } else if (Files.exists(inbox.resolve(id + ".xml"))) {
                landed.add(Files.getLastModifiedTime(inbox.resolve(id + ".xml")).toInstant());
            }
            for (Map<String, String> item : own) {
                String outcome = text(item, "outcome");
                if (Set.of("ACCEPTED", "DUPLICATE", "UNKNOWN").contains(outcome)) {
                    known.add(sisuId(item));
                }
                if (status.equals("DELIVERED")
                        && !Set.of("ACCEPTED", "DUPLICATE").contains(outcome)) {
                    found.add(id + ": delivered with an item that is " + outcome);
                }
                if (text(transfer, "sis").equals("sisu")
                        && Set.of("ACCEPTED", "DUPLICATE").contains(outcome)
                        && !sisu.ids().contains(sisuId(item))) {
                    found.add(id + ": item " + item.get("ref") + " is " + outcome + ", and Sisu does not have it");
                }
            }
            if (Set.of("CANCELLED", "REJECTED", "EXPIRED").contains(status) && !landed.isEmpty()) {
                found.add(id + ": " + status + ", and something landed at " + landed);
            }
            if (status.equals("DELIVERED") && text(transfer, "sis").equals("file-drop") && landed.isEmpty()) {
                found.add(id + ": delivered, and no file was dropped");
            }
            if (status.equals("DEAD_LETTERED") && transfer.get("failure_code") == null) {
                found.add(id + ": dead without a code");
            }
            consented(found, id, consents.get(id), landed);
            timeline(found, id, status, events.getOrDefault(id, List.of()));
            attempts(found, id, attempts.getOrDefault(id, List.of()));
        }
        for (String id : sisu.ids()) {
            if (!known.contains(id)) {
                found.add("Sisu has " + id + ", and no item of the ledger says that it may");
            }
        }
        return found;
    }

    private static void consented(
            List<String> found, String id, @Nullable Map<String, String> consent, List<Instant> landed) {
        if (consent == null) {
            found.add(id + ": no consent");
            return;
        }
        for (Instant at : landed) {
            String expires = consent.get("expires_at");
            if (expires != null && at.isAfter(instant(expires))) {
                found.add(id + ": landed at " + at + ", after its consent ended at " + expires);
            }
            String withdrawn = consent.get("withdrawn_at");
            if (withdrawn != null && at.isAfter(instant(withdrawn).plus(UNDER_WAY))) {
                found.add(id + ": landed at " + at + ", after its consent was withdrawn at " + withdrawn);
            }
        }
    }

    private static void timeline(List<String> found, String id, String status, List<Map<String, String>> events) {
        List<String> types =
                events.stream().map(event -> text(event, "type")).collect(Collectors.toCollection(ArrayList::new));
        String told = id + " is " + status + ": " + types;
        if (types.isEmpty() || !types.get(0).equals("accepted") || count(types, "accepted") != 1) {
            found.add(told + " does not begin once");
        }
        if (count(types, "delivered") != (status.equals("DELIVERED") ? 1 : 0)) {
            found.add(told + " tells another number of deliveries");
        }
        int open = count(types, "dead") - count(types, "replayed");
        boolean lastDead = status.equals("DEAD_LETTERED") || status.equals("DISCARDED");
        if (open != (lastDead ? 1 : 0) && !(open == 1 && status.equals("CANCELLED"))) {
            found.add(told + " does not tell a replay for each death");
        }
        while (!types.isEmpty() && AFTERWARDS.contains(types.get(types.size() - 1))) {
            types.remove(types.size() - 1);
        }
        String last = LAST_EVENT.get(status);
        if (last != null && (types.isEmpty() || !types.get(types.size() - 1).equals(last))) {
            found.add(told + " does not end with " + last);
        }
    }

    private static void attempts(List<String> found, String id, List<Map<String, String>> attempts) {
        int deliverRevision = 0;
        Set<String> succeeded = new HashSet<>();
        for (Map<String, String> attempt : attempts) {
            int revision = Integer.parseInt(text(attempt, "revision"));
            String what = text(attempt, "stage") + " " + text(attempt, "destination") + " " + revision;
            if (attempt.get("ended_at") == null || attempt.get("outcome") == null) {
                found.add(id + ": the attempt " + what + " has no end");
            } else if (text(attempt, "outcome").equals("SUCCEEDED") && !succeeded.add(what)) {
                found.add(id + ": " + what + " was done twice");
            }
            if (text(attempt, "stage").equals("DELIVER")) {
                if (revision <= deliverRevision) {
                    found.add(id + ": the claim " + what + " comes after revision " + deliverRevision);
                }
                deliverRevision = revision;
            }
        }
    }

    private static int count(List<String> types, String type) {
        return (int) types.stream().filter(type::equals).count();
    }

    private static String sisuId(Map<String, String> item) {
        return "emrex-" + item.get("credit_key");
    }

    private static Map<String, List<Map<String, String>>> by(String column, HubProcess hub, String sql) {
        return hub.query(sql).stream().collect(Collectors.groupingBy(row -> text(row, column)));
    }

    private static String text(Map<String, String> row, String column) {
        String text = row.get(column);
        if (text == null) {
            throw new IllegalStateException(column + " is empty in " + row);
        }
        return text;
    }

    /** As H2 and PostgreSQL write it: a blank before the time, and a zone that may be hours alone. */
    private static Instant instant(String column) {
        return OffsetDateTime.parse(column.replace(' ', 'T').replaceFirst("([+-]\\d\\d)$", "$1:00"))
                .toInstant();
    }
}
