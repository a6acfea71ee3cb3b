package org.emrexhub.pipeline;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.emrexhub.catalog.Sis;
import org.emrexhub.deadletter.DeadLetters;
import org.emrexhub.deadletter.Replays;
import org.emrexhub.delivery.LeaseLost;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.failure.Problem;
import org.emrexhub.pipeline.HonestTarget.Credit;
import org.emrexhub.pipeline.HonestTarget.Line;
import org.emrexhub.transfer.Cancellation;
import org.emrexhub.transfer.Queues;
import org.emrexhub.transfer.Sql;
import org.emrexhub.transfer.Stage;
import org.emrexhub.transfer.Status;
import org.emrexhub.transfer.Transfer;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Transfers of one learner on their way to one target, in an order that follows from a seed: requests and answers get lost,
 * owners stall and die, leases run out, documents are mapped anew, people cancel, replay and discard. Then everything is
 * well, and comes to rest.
 */
final class DeliverySchedule {

    private static final String PERSON = "person-1";
    private static final int MOST_ROUNDS = 3000;

    /** What one transfer is to bring. */
    private static final class Wish {
        final UUID id;
        final String name;
        List<Credit> document;
        /** Since which moment at the target each credit is wished for in its version. */
        final Map<Credit, Long> since = new HashMap<>();
        /** Courses of which one document named two instances: nobody can tell which takes whose place. */
        final Set<String> ambiguous = new HashSet<>();

        final Set<String> sentIds = new HashSet<>();

        Wish(UUID id, String name, List<Credit> document) {
            this.id = id;
            this.name = name;
            this.document = document;
        }
    }

    private record Reference(String queue, UUID transferId, int revision) {}

    private enum Phase {
        CLAIMED,
        RESOLVING,
        SETTLING,
        ASKED,
        PUSHING,
        SENT,
        RECORDING
    }

    /** Who works on a message, and how far it got. */
    private static final class Owner {
        final Reference message;
        final Exchange exchange;
        final Wish wish;
        Phase phase = Phase.CLAIMED;
        Instant resumesAt;
        final Map<String, Line> sent = new HashMap<>();
        final Set<String> asked = new HashSet<>();
        /** What the ledger knew to be there when it claimed. */
        final Map<String, Credit> known;

        Owner(Reference message, Exchange exchange, Wish wish, Map<String, Credit> known, Instant now) {
            this.message = message;
            this.exchange = exchange;
            this.wish = wish;
            this.known = Map.copyOf(known);
            this.resumesAt = now;
        }
    }

    private record LateAnswer(Wish wish, Line line, boolean refused) {}

    private final Random random;
    private final LedgerOfTheDay ledger;
    private final CamelContext camel;
    private final Sis sis;
    private final HonestTarget target = new HonestTarget();
    private final JdbcTemplate jdbc;
    private final DeliverStep deliver;
    private final List<Wish> wishes = new ArrayList<>();
    private final List<Owner> owners = new ArrayList<>();
    private final List<Reference> messages = new ArrayList<>();
    private final List<LateAnswer> lateAnswers = new ArrayList<>();
    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, Credit> settled = new HashMap<>();
    private final List<String> story = new ArrayList<>();
    private final Set<String> violations = new TreeSet<>();
    private final boolean resolves;
    private boolean faults = true;

    DeliverySchedule(long seed, LedgerOfTheDay ledger, CamelContext camel, Sis sis, boolean resolves) {
        this.random = new Random(seed);
        this.ledger = ledger;
        this.camel = camel;
        this.sis = sis;
        this.resolves = resolves;
        this.jdbc = ledger.get(JdbcTemplate.class);
        this.deliver = ledger.get(DeliverStep.class);
    }

    /** Runs, and says which rules did not hold. */
    Set<String> violations() {
        int steps = 5 + random.nextInt(70);
        accept(draw());
        for (int step = 0; step < steps && violations.isEmpty(); step++) {
            act();
        }
        rest();
        for (int probe = 0; probe < 2 && violations.isEmpty(); probe++) {
            Wish wish = accept(distinct());
            tell("probe %s wants %s", wish.name, wish.document);
            rest();
            for (Credit credit : wish.document) {
                if (!standing().contains(credit.toString())) {
                    violate("the last that was asked for, " + credit + ", does not stand there");
                }
            }
        }
        return violations;
    }

    /** What happened, line by line. */
    List<String> story() {
        return story;
    }

    private void tell(String line, Object... values) {
        story.add(Duration.between(LedgerOfTheDay.BEGIN, ledger.now()).toMillis() + " " + String.format(line, values));
    }

    private void violate(String rule) {
        violations.add(rule);
        tell("VIOLATION %s", rule);
    }

    // --- what happens

    private void act() {
        int what = random.nextInt(100);
        if (what < 35) {
            dispatch();
            if (!messages.isEmpty()) {
                consume(messages.remove(random.nextInt(messages.size())));
            }
        } else if (what < 65) {
            stepSomeOwner();
        } else if (what < 78) {
            pass();
        } else if (what < 81) {
            kill();
        } else if (what < 86) {
            if (wishes.size() < 3) {
                accept(draw());
            }
        } else if (what < 92) {
            onSome(this::replay);
        } else if (what < 93) {
            onSome(this::discard);
        } else if (what < 94) {
            onSome(this::cancel);
        } else {
            answerLate();
        }
    }

    private void onSome(Consumer<Wish> action) {
        action.accept(wishes.get(random.nextInt(wishes.size())));
    }

    /** Time passes: a little, or until something is due. */
    private void pass() {
        if (random.nextInt(3) == 0) {
            moveTo(ledger.now().plusMillis(1 + random.nextInt(20_000)));
        } else {
            nextEvent(true).ifPresent(this::moveTo);
        }
    }

    private void moveTo(Instant later) {
        if (later.isAfter(ledger.now())) {
            ledger.moveTo(later);
            target.land(later);
        }
    }

    private Optional<Instant> nextEvent(boolean leases) {
        List<Instant> events = new ArrayList<>();
        jdbc.query(
                "select due_at from outbox where queue not like '%.dead'",
                row -> {
                    events.add(Sql.instant(row, "due_at"));
                });
        owners.forEach(owner -> events.add(owner.resumesAt));
        target.nextLanding().ifPresent(events::add);
        if (leases) {
            jdbc.query("select lease_until from attempt where ended_at is null and lease_until is not null", row -> {
                events.add(Sql.instant(row, "lease_until"));
            });
        }
        return events.stream().filter(at -> at.isAfter(ledger.now())).min(Comparator.naturalOrder());
    }

    private List<Credit> draw() {
        List<Credit> credits = new ArrayList<>();
        int size = 1 + random.nextInt(3);
        for (int n = 0; n < size; n++) {
            credits.add(credit());
        }
        if (random.nextInt(6) == 0) {
            credits.add(random.nextBoolean() ? credits.get(0) : credit());
        }
        return credits;
    }

    private Credit credit() {
        return new Credit(
                "course-" + (1 + random.nextInt(2)),
                random.nextInt(3) == 0 ? "b" : "a",
                Integer.toString(1 + random.nextInt(2)));
    }

    /** A document that names each course once. */
    private List<Credit> distinct() {
        Map<String, Credit> credits = new LinkedHashMap<>();
        draw().forEach(credit -> credits.putIfAbsent(credit.los(), credit));
        return new ArrayList<>(credits.values());
    }

    private Wish accept(List<Credit> document) {
        String targetId = resolves && random.nextBoolean() ? null : PERSON;
        String name = "T" + (wishes.size() + 1);
        Wish wish = new Wish(ledger.accept(name, sis.id(), targetId), name, document);
        wishes.add(wish);
        tell("%s is accepted%s: %s", name, targetId == null ? " without person" : "", document);
        return wish;
    }

    private Transfer look(Wish wish) {
        return ledger.look(wish.id);
    }

    private Wish wish(UUID id) {
        return wishes.stream().filter(wish -> wish.id.equals(id)).findFirst().orElseThrow();
    }

    /** The outbox's due rows become messages. */
    private void dispatch() {
        jdbc
                .query(
                        "select id, queue, transfer_id, revision from outbox where due_at <= ? order by due_at, revision, queue",
                        (row, no) -> {
                            jdbc.update("delete from outbox where id = ?", Sql.uuid(row, "id"));
                            return new Reference(
                                    row.getString("queue"), Sql.uuid(row, "transfer_id"), row.getInt("revision"));
                        },
                        Sql.at(ledger.now()))
                .stream()
                .sorted(Comparator.comparing(reference -> wish(reference.transferId()).name))
                .forEach(reference -> {
                    if (!Queues.isDead(reference.queue())) {
                        messages.add(reference);
                    } else if (faults && random.nextInt(20) == 0) {
                        // Somebody moves the mirror back by the broker's own tools.
                        messages.add(new Reference(
                                reference.queue().substring(0, reference.queue().length() - ".dead".length()),
                                reference.transferId(),
                                reference.revision()));
                    }
                });
    }

    private void consume(Reference message) {
        if (faults && random.nextInt(12) == 0) {
            messages.add(message);
        }
        Wish wish = wish(message.transferId());
        if (message.queue().equals(Queues.MAP)) {
            map(wish, message);
            return;
        }
        Exchange exchange = new DefaultExchange(camel);
        exchange.setVariable("sis", sis.id());
        exchange.setVariable("queue", message.queue());
        exchange.setVariable("transferId", message.transferId().toString());
        exchange.setVariable("revision", message.revision());
        Status before = look(wish).status();
        deliver.claim(exchange);
        if (exchange.getVariable("due", Boolean.class)) {
            tell("%s is claimed: %s", wish.name, items(wish));
            owners.add(new Owner(message, exchange, wish, settled, ledger.now()));
        } else {
            Transfer after = look(wish);
            if (after.status() != before) {
                tell("%s is not claimed: %s -> %s", wish.name, before, after.status());
            }
        }
    }

    private String items(Wish wish) {
        return jdbc.query(
                        "select * from delivery_item where transfer_id = ? order by position, mapped desc",
                        (row, no) -> {
                            return row.getString("ref") + "="
                                    + row.getString("credit_key").substring(0, 3) + "("
                                    + row.getString("version").substring(0, 3) + " sent "
                                    + (row.getString("sent_version") == null
                                            ? "-"
                                            : row.getString("sent_version").substring(0, 3))
                                    + (row.getString("supersedes") == null
                                            ? ""
                                            : " supersedes "
                                                    + row.getString("supersedes")
                                                            .substring(0, 3))
                                    + ")" + (row.getBoolean("mapped") ? "" : "!") + row.getString("outcome")
                                    + (row.getString("code") == null ? "" : "/" + row.getString("code"));
                        },
                        wish.id)
                .toString();
    }

    private void map(Wish wish, Reference message) {
        if (!ledger.map(wish.id, message.revision(), wish.document)) {
            return;
        }
        wish.since.keySet().retainAll(wish.document);
        Map<String, Set<String>> named = new HashMap<>();
        for (Credit credit : wish.document) {
            wish.since.putIfAbsent(credit, target.moment());
            named.computeIfAbsent(credit.los(), los -> new HashSet<>()).add(credit.loi());
        }
        named.forEach((los, lois) -> {
            if (lois.size() > 1) {
                wish.ambiguous.add(los);
            }
        });
        tell("%s is mapped: %s %s", wish.name, wish.document, items(wish));
    }

    /** An owner that does not go on, and whose message comes again. */
    private void kill() {
        if (!owners.isEmpty()) {
            Owner owner = owners.remove(random.nextInt(owners.size()));
            messages.add(owner.message);
            tell("the owner of %s dies at %s", owner.wish.name, owner.phase);
        }
    }

    private void replay(Wish wish) {
        if (look(wish).status() != Status.DEAD_LETTERED) {
            return;
        }
        Stage from = random.nextBoolean() ? Stage.MAP : Stage.DELIVER;
        List<Credit> before = wish.document;
        if (from == Stage.MAP && random.nextInt(4) > 0) {
            wish.document = faults ? change(before) : distinct();
        }
        try {
            ledger.get(Replays.class).replay(wish.id, from, LedgerOfTheDay.OPERATOR);
            tell("%s is replayed from %s: %s", wish.name, from, wish.document);
        } catch (Problem refused) {
            wish.document = before;
            if (!faults) {
                discard(wish);
            }
        }
    }

    private List<Credit> change(List<Credit> document) {
        if (random.nextInt(3) == 0) {
            return draw();
        }
        List<Credit> changed = new ArrayList<>(document);
        int at = random.nextInt(changed.size());
        Credit old = changed.get(at);
        Credit other = credit();
        changed.set(
                at,
                random.nextBoolean()
                        ? new Credit(old.los(), old.loi(), other.version())
                        : new Credit(old.los(), other.loi(), old.version()));
        return changed;
    }

    private void discard(Wish wish) {
        if (look(wish).status() == Status.DEAD_LETTERED) {
            ledger.get(DeadLetters.class).discard(wish.id, "given up", LedgerOfTheDay.OPERATOR);
            tell("%s is discarded", wish.name);
        }
    }

    private void cancel(Wish wish) {
        try {
            ledger.get(Cancellation.class).cancel(wish.id, LedgerOfTheDay.OPERATOR);
            tell("%s is cancelled", wish.name);
            if (target.entries().values().stream().anyMatch(entry -> entry.by().equals(wish.id))) {
                violate("a transfer was cancelled that had brought something");
            }
        } catch (Problem refused) {
            tell("%s can't be cancelled", wish.name);
        }
    }

    private void answerLate() {
        if (lateAnswers.isEmpty()) {
            return;
        }
        LateAnswer answer = lateAnswers.remove(random.nextInt(lateAnswers.size()));
        Line line = answer.line();
        HonestTarget.Entry entry = target.entries().get(line.id());
        boolean stands = entry != null
                && entry.by().equals(answer.wish().id)
                && entry.credit().equals(line.credit());
        if (hasMoved(answer) || (answer.refused() && !stands)) {
            return;
        }
        if (answer.refused()) {
            target.remove(line.id());
            settled.remove(line.id());
        }
        tell("late answer for %s: %s is %s", answer.wish().name, line, answer.refused() ? "refused" : "accepted");
        ledger.get(DeliveryAnswers.class)
                .late(
                        sis.id(),
                        answer.wish().id.toString(),
                        answer("{\"ref\":\"%s\",\"status\":\"%s\"}"
                                .formatted(line.ref(), answer.refused() ? "REJECTED" : "ACCEPTED")));
        if (!answer.refused() && random.nextBoolean()) {
            lateAnswers.add(answer);
        }
    }

    /** Whether the credit has another number in the document by now: an answer knows of numbers alone. */
    private static boolean hasMoved(LateAnswer answer) {
        List<Credit> document = answer.wish().document;
        String name = answer.line().credit().name();
        for (int at = 0; at < document.size(); at++) {
            if (document.get(at).name().equals(name) && !answer.line().ref().equals(Integer.toString(at + 1))) {
                return true;
            }
        }
        return false;
    }

    private static byte[] answer(String items) {
        return ("{\"items\":[" + items + "]}").getBytes(StandardCharsets.UTF_8);
    }

    // --- one owner's work, as routes/hub/7-deliver orders it

    private void stepSomeOwner() {
        List<Owner> ready = owners.stream()
                .filter(owner -> !owner.resumesAt.isAfter(ledger.now()))
                .toList();
        if (!ready.isEmpty()) {
            step(ready.get(random.nextInt(ready.size())));
        }
    }

    private void step(Owner owner) {
        // No two things happen at the same moment.
        moveTo(ledger.now().plusMillis(1));
        try {
            work(owner);
        } catch (LeaseLost late) {
            tell("%s: the owner is late at %s", owner.wish.name, owner.phase);
            owners.remove(owner);
            messages.add(owner.message);
        } catch (HubFailure failure) {
            run(owner).stop(failure);
            record(owner);
        }
    }

    private DeliveryRun run(Owner owner) {
        return Objects.requireNonNull(DeliverStep.runOrNull(owner.exchange));
    }

    private void work(Owner owner) {
        Exchange exchange = owner.exchange;
        switch (owner.phase) {
            case CLAIMED -> {
                boolean asks = exchange.getVariable("resolves", Boolean.class);
                owner.phase = asks ? Phase.RESOLVING : Phase.SETTLING;
                if (asks) {
                    answerIn(owner);
                }
            }
            case RESOLVING -> {
                int fate = faults ? random.nextInt(8) : 7;
                if (fate == 0) {
                    exchange.setVariable("failure", "sis_timeout");
                } else if (fate == 1) {
                    exchange.setVariable("failure", "sis_unavailable");
                } else {
                    exchange.setVariable("person", PERSON);
                }
                deliver.takePerson(exchange);
                owner.phase = Phase.SETTLING;
            }
            case SETTLING -> {
                if (deliver.hasQuestion(exchange)) {
                    deliver.nextQuestion(exchange);
                    owner.phase = Phase.ASKED;
                    answerIn(owner);
                } else {
                    owner.phase = Phase.PUSHING;
                }
            }
            case ASKED -> {
                tellPresence(owner);
                owner.phase = Phase.SETTLING;
                deliver.takeSettled(exchange);
            }
            case PUSHING -> {
                if (!deliver.hasNext(exchange)) {
                    owner.phase = Phase.RECORDING;
                } else {
                    deliver.nextBatch(exchange);
                    if (exchange.getVariable("sends", Boolean.class)) {
                        owner.phase = Phase.SENT;
                        send(owner);
                    }
                }
            }
            case SENT -> {
                owner.phase = Phase.PUSHING;
                deliver.takeAnswer(exchange);
            }
            case RECORDING -> record(owner);
        }
    }

    private void answerIn(Owner owner) {
        owner.resumesAt = ledger.now().plusMillis(random.nextInt(3) == 0 ? random.nextInt(9_000) : 0);
    }

    private void tellPresence(Owner owner) {
        Exchange exchange = owner.exchange;
        if (faults && random.nextInt(8) == 0) {
            exchange.setVariable("failure", random.nextBoolean() ? "sis_timeout" : "sis_unavailable");
            return;
        }
        List<String> there = new ArrayList<>();
        for (Map<String, String> item : listed(exchange)) {
            owner.asked.add(item.get("targetId"));
            if (target.entries().containsKey(item.get("targetId"))) {
                there.add("{\"ref\":\"" + item.get("ref") + "\"}");
            }
        }
        tell("%s asks for %s: there %s", owner.wish.name, listed(exchange), there);
        exchange.getMessage().setBody(answer(String.join(",", there)));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, String>> listed(Exchange exchange) {
        return (List<Map<String, String>>) exchange.getVariable("items");
    }

    private void send(Owner owner) {
        Exchange exchange = owner.exchange;
        List<Line> lines = lines(exchange.getMessage().getBody(byte[].class));
        checkSending(owner, lines);
        Instant now = ledger.now();
        answerIn(owner);
        Duration until = Duration.between(now, owner.resumesAt);
        int fate = faults ? random.nextInt(12) : 11;
        tell("%s sends %s", owner.wish.name, lines);
        if (fate < 3) {
            exchange.setVariable("failure", "sis_timeout");
            if (fate == 0) {
                tell("... nothing of it lands");
            } else {
                long most = until.plus(fate == 1 ? Duration.ZERO : sis.settle()).toMillis();
                Instant lands = now.plusMillis(most == 0 ? 0 : random.nextLong(most + 1));
                target.send(owner.wish.id, lines, lands);
                tell(
                        "... it lands in %d, the answer is lost in %d",
                        Duration.between(now, lands).toMillis(), until.toMillis());
            }
        } else if (fate == 3) {
            exchange.setVariable("failure", random.nextBoolean() ? "sis_unavailable" : "sis_request_refused");
            tell("... it is not taken");
        } else if (fate == 4 && sis.allOrNothing()) {
            exchange.setVariable("failure", "batch_rejected");
            exchange.setVariable("failureCode", "bad");
            tell("... the batch is refused");
        } else if (fate == 5) {
            exchange.getMessage().setBody("?".getBytes(StandardCharsets.UTF_8));
            target.send(owner.wish.id, lines, now);
            tell("... it lands, the answer can't be read");
        } else {
            say(owner, lines, now);
        }
        target.land(now);
        lines.forEach(line -> owner.wish.sentIds.add(line.id()));
    }

    /** The target answers for each item; some it does not take, of some it says nothing. */
    private void say(Owner owner, List<Line> lines, Instant now) {
        List<String> said = new ArrayList<>();
        List<Line> landing = new ArrayList<>();
        for (Line line : lines) {
            int fate = faults ? random.nextInt(12) : 11;
            String status = "ACCEPTED";
            if (fate < 2) {
                status = "REJECTED";
            } else if (fate == 2) {
                status = "RETRY";
            } else if (fate == 3) {
                status = "UNKNOWN";
            }
            if (fate > 3 || (fate == 3 && random.nextBoolean())) {
                landing.add(line);
            }
            if (fate > 3) {
                HonestTarget.Entry entry = target.entries().get(line.id());
                if (entry != null && entry.credit().equals(line.credit()) && random.nextBoolean()) {
                    status = "DUPLICATE";
                }
                owner.sent.put(line.id(), line);
                if (random.nextInt(3) == 0) {
                    lateAnswers.add(new LateAnswer(owner.wish, line, faults && random.nextInt(3) == 0));
                }
            }
            if (fate != 4) {
                said.add("{\"ref\":\"%s\",\"status\":\"%s\"}".formatted(line.ref(), status));
            }
        }
        target.send(owner.wish.id, landing, now);
        tell("... %s", said);
        owner.exchange.getMessage().setBody(answer(String.join(",", said)));
    }

    private static List<Line> lines(byte[] payload) {
        return new String(payload, StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("\\|", -1))
                .map(cells -> new Line(
                        cells[0],
                        cells[1],
                        cells[2].isEmpty() ? null : cells[2],
                        new Credit(cells[3], cells[4], cells[5])))
                .toList();
    }

    private void record(Owner owner) {
        owners.remove(owner);
        Status before = look(owner.wish).status();
        deliver.record(owner.exchange);
        Transfer after = look(owner.wish);
        tell(
                "%s is recorded: %s (%s) %s",
                owner.wish.name, after.status(), String.valueOf(after.failureCode()), items(owner.wish));
        owner.sent.forEach((id, line) -> {
            boolean accepted = !jdbc.queryForList(
                            "select ref from delivery_item where transfer_id = ? and ref = ? and outcome = 'ACCEPTED' and mapped = true",
                            String.class,
                            owner.wish.id,
                            line.ref())
                    .isEmpty();
            HonestTarget.Entry entry = target.entries().get(id);
            if (accepted && entry != null && entry.credit().equals(line.credit())) {
                settled.put(id, line.credit());
            }
        });
        if (before != Status.DELIVERED && after.status() == Status.DELIVERED) {
            checkDelivered(owner.wish);
        }
    }

    // --- the rules

    private void checkSending(Owner owner, List<Line> lines) {
        Wish wish = owner.wish;
        for (Line line : lines) {
            String name = line.credit().name();
            if (!Objects.requireNonNullElse(ids.putIfAbsent(name, line.id()), line.id())
                    .equals(line.id())) {
                violate("a credit has two ids");
            }
            target.onItsWay(line.id())
                    .ifPresent(by -> violate("sent while a request of " + (by.equals(wish.id) ? "the same" : "another")
                            + " transfer may still land"));
            if (line.supersedes() != null) {
                target.onItsWay(line.supersedes())
                        .ifPresent(by -> violate("superseded while a request of "
                                + (by.equals(wish.id) ? "the same" : "another") + " transfer may still land"));
            }
            boolean lost = run(owner).delivery().toSettle().stream()
                    .anyMatch(item -> item.ref().equals(line.ref()));
            if (lost && sis.onUnknown() == Sis.OnUnknown.VERIFY && !owner.asked.contains(line.id())) {
                violate("what was lost is sent again without asking");
            }
            boolean elsewhere = !jdbc.queryForList(
                            "select ref from delivery_item where credit_key = ? and transfer_id <> ? and (outcome = 'UNKNOWN' or supersedes = credit_key)",
                            String.class,
                            line.id(),
                            wish.id)
                    .isEmpty();
            if (line.credit().equals(settled.get(line.id()))
                    && line.credit().equals(owner.known.get(line.id()))
                    && !lost
                    && !elsewhere
                    && run(owner).delivery().toSend().stream()
                            .noneMatch(item -> item.ref().equals(line.ref()) && item.supersedes() != null)
                    && line.credit()
                            .equals(Optional.ofNullable(target.entries().get(line.id()))
                                    .map(HonestTarget.Entry::credit)
                                    .orElse(null))) {
                violate("sent again in the version that was accepted"
                        + (wish.sentIds.contains(line.id()) ? " from itself" : " from another"));
            }
            if (!line.credit().equals(settled.get(line.id()))) {
                settled.remove(line.id());
            }
            if (line.supersedes() != null) {
                settled.remove(line.supersedes());
            }
        }
    }

    private void checkDelivered(Wish wish) {
        for (Credit credit : wish.document) {
            if (!target.stoodSince(Objects.requireNonNull(wish.since.get(credit)), credit)) {
                violate("delivered, but a credit was not there since it was asked for");
                tell("%s", credit);
            }
        }
        Set<String> names = wish.document.stream().map(Credit::name).collect(Collectors.toSet());
        Set<String> courses = wish.document.stream().map(Credit::los).collect(Collectors.toSet());
        target.entries().values().stream()
                .filter(entry -> entry.by().equals(wish.id))
                .map(HonestTarget.Entry::credit)
                .filter(credit -> courses.contains(credit.los()) && !wish.ambiguous.contains(credit.los()))
                .filter(credit -> !names.contains(credit.name()))
                .forEach(credit -> {
                    violate("delivered, but what it replaced still stands there");
                    tell("%s", credit);
                });
    }

    private Set<String> standing() {
        return target.entries().values().stream()
                .map(entry -> entry.credit().toString())
                .collect(Collectors.toSet());
    }

    /** Everything is well from now on, and comes to rest. */
    private void rest() {
        faults = false;
        tell("all is well");
        for (int round = 0; round < MOST_ROUNDS && violations.isEmpty(); round++) {
            dispatch();
            if (!messages.isEmpty()) {
                consume(messages.remove(0));
                continue;
            }
            List<Owner> ready = owners.stream()
                    .filter(owner -> !owner.resumesAt.isAfter(ledger.now()))
                    .toList();
            if (!ready.isEmpty()) {
                step(ready.get(0));
                continue;
            }
            if (!lateAnswers.isEmpty()) {
                answerLate();
                continue;
            }
            Optional<Instant> next = nextEvent(false);
            if (next.isPresent()) {
                moveTo(next.get());
                continue;
            }
            List<Wish> dead = wishes.stream()
                    .filter(wish -> look(wish).status() == Status.DEAD_LETTERED)
                    .toList();
            if (dead.isEmpty()) {
                wishes.stream()
                        .filter(wish -> !look(wish).status().isFinal())
                        .forEach(wish -> violate("nothing is on its way, but a transfer has no end"));
                return;
            }
            replay(dead.get(0));
        }
        if (violations.isEmpty()) {
            violate("it does not come to rest");
        }
    }
}
