package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/**
 * What must hold between ledger and broker once a hub has nothing left to do: no transfer under way, no outbox row but
 * those that end a hold, no open attempt, no message but one mirror of each dead letter, under its number.
 */
final class Agreement {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private Agreement() {}

    /** Waits until the hub has come to rest, and ledger and queues agree. */
    static void awaitRest(HubProcess hub) {
        Awaitility.await("ledger and queues agree")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(differences(hub)).isEmpty());
    }

    /** What is not at rest, or does not agree. */
    static List<String> differences(HubProcess hub) {
        List<String> differences = new ArrayList<>();
        Map<String, List<String>> queues = hub.queues();
        report(differences, "under way", hub, """
                select id, stage, status, revision, failure_code from transfer
                where status in ('QUEUED', 'WAITING_RETRY')""");
        report(
                differences,
                "outbox row",
                hub,
                "select queue, transfer_id, revision, due_at from outbox where queue <> 'hub.expire'");
        report(
                differences,
                "open attempt",
                hub,
                "select transfer_id, no, lease_until from attempt where ended_at is null");
        Map<String, List<String>> mirrors = new TreeMap<>();
        for (Map<String, String> dead : hub.query("""
                select id, revision,
                    case stage when 'PULL' then 'hub.pull.' || dead_destination when 'MAP' then 'hub.map'
                        else 'hub.deliver.' || sis end || '.dead' as queue
                from transfer where status = 'DEAD_LETTERED' order by id""")) {
            mirrors.computeIfAbsent(dead.get("queue"), first -> new ArrayList<>())
                    .add(dead.get("id") + "#" + dead.get("revision"));
        }
        Map<String, List<String>> found = new TreeMap<>();
        queues.forEach((queue, references) ->
                found.put(queue, references.stream().sorted().toList()));
        if (!found.equals(mirrors)) {
            differences.add("the queues hold " + found + " and should hold " + mirrors);
        }
        return differences;
    }

    private static void report(List<String> differences, String what, HubProcess hub, String sql) {
        hub.query(sql).forEach(row -> differences.add(what + " " + row));
    }
}
