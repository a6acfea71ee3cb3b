package org.emrexhub.spine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.xmlsecurity.api.XmlSignatureException;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.emrexhub.catalog.Sis;
import org.emrexhub.elmo.Credit;
import org.emrexhub.elmo.Credits;
import org.emrexhub.elmo.ElmoSchema;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.failure.Problem;
import org.emrexhub.failure.ProblemCode;
import org.emrexhub.mapping.Assembly;
import org.emrexhub.mapping.Attachment;
import org.emrexhub.mapping.MappingFolder;
import org.emrexhub.mapping.MappingResult;
import org.emrexhub.mapping.RegisterMapping;
import org.emrexhub.mapping.SisMapping;
import org.emrexhub.mapping.Stylesheets;
import org.emrexhub.pipeline.TargetDoor;
import org.emrexhub.web.RequestDoor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutated documents at every door: each gets an answer or a code, within a bound of time and memory. The documents are
 * made from the samples of all registers, so a new register's folder is tried too.
 *
 * <p>10,000 documents unless told otherwise; a million, and one document again that failed:
 *
 * <pre>
 * mvn -B -Pslow verify -Dit.test=MutatedDocumentsIT -Dfuzz.documents=1000000 -Dfuzz.threads=2
 * mvn -B -Pslow verify -Dit.test=MutatedDocumentsIT -Dfuzz.seed=7 -Dfuzz.only=4711
 * </pre>
 *
 * {@code -Dfuzz.minutes=15} stops it then. What failed is written to {@code target/fuzz}.
 */
@Tag("slow")
class MutatedDocumentsIT {

    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final long DOCUMENTS = Long.getLong("fuzz.documents", 10_000);
    private static final long ONLY = Long.getLong("fuzz.only", -1);
    private static final int THREADS = Integer.getInteger("fuzz.threads", 1);
    private static final Duration AT_MOST = Duration.ofMinutes(Integer.getInteger("fuzz.minutes", 600));

    /** Of one thread's processor time: a slow machine does not matter, and nothing here waits. */
    private static final Duration TIME = Duration.ofSeconds(10);

    /** All that one document may make, collected or not. */
    private static final long MEMORY = 1L << 30;

    /** Characters of a value that somebody made long. */
    private static final int LENGTH = 200_000;

    private static final Duration STUCK = Duration.ofMinutes(5);
    private static final int SHOWN = 20;
    private static final Path FAILED = Path.of("target/fuzz");
    private static final ThreadMXBean THREADS_SEEN = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static RunningHub hub;
    private static final List<Door> doors = new ArrayList<>();

    /** Where documents come in. */
    private record Door(String name, int weight, List<byte[]> samples, Opening opening) {}

    private interface Opening {
        /** Takes the document in and gives a word for what came of it, or throws. */
        String open(byte[] document, Mutator mutator, Random random) throws Exception;
    }

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        hub = RunningHub.start(data);
        Catalog catalog = hub.bean(Catalog.class);
        for (Register register : catalog.registers()) {
            doors.add(answerOf(register));
        }
        doors.add(questionsOf(catalog));
        doors.addAll(requests(catalog));
        doors.addAll(targets());
        doors.add(signedDocument());
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void getAnAnswerOrACode() throws Exception {
        Run run = new Run();
        if (ONLY >= 0) {
            run.one(ONLY);
        } else {
            run.all();
        }
        System.out.println(run.figures());
        assertThat(run.failures).as("seed %d", SEED).isEmpty();
    }

    /** Nobody says how long a name may be: what is read by patterns or as a number must not take the square of it. */
    @Test
    void takeValuesOfAnyLength() {
        Run run = new Run();
        long index = 0;
        for (Door door : doors) {
            for (byte[] document : Mutator.lengthened(door.samples(), LENGTH)) {
                Random random = new Random(Run.mixed(SEED, index));
                run.one(door, index, document, new Mutator(random), random);
                run.done.incrementAndGet();
                index++;
            }
        }
        System.out.println(run.figures());
        assertThat(run.failures).isEmpty();
    }

    private static Door answerOf(Register register) throws IOException {
        List<byte[]> samples = files(register.mapping().resolve("samples"), "input.*");
        RegisterMapping mapping = hub.bean(RegisterMapping.class);
        MappingFolder folder = new MappingFolder(
                register.mapping(),
                MappingFolder.Format.valueOf(register.format().name()),
                register.records(),
                register.recordRef(),
                register.namespaces());
        Map<String, String> parameters = new HashMap<>(register.parameters());
        parameters.putAll(
                Map.of("register", register.id(), "identifierType", "nationalIdentifier", "today", "2026-11-24"));
        return new Door("answer of " + register.id(), 20, samples, (document, mutator, random) -> {
            // Some mappings look for the learner who was asked for, and would stop at each sample that is of another.
            Map<String, String> asked = new HashMap<>(parameters);
            asked.put("identifier", random.nextInt(4) == 0 ? TransferRequest.MAIJA : "");
            MappingResult result = mapping.map(folder, document, asked);
            return document(register.id(), result, random);
        });
    }

    /** From a mapped answer on: the rest of MAP, and what each target would be sent. */
    private static String document(String register, MappingResult result, Random random) throws Exception {
        byte[] elmo = hub.bean(Assembly.class)
                .assemble(request(result), List.of(Assembly.Source.of(register, result)), List.of(), Instant.EPOCH)
                .elmo();
        if (!hub.bean(ElmoSchema.class).validate(elmo).isEmpty()) {
            return FailureCode.SCHEMA_VIOLATION.wireName();
        }
        List<Credit> credits = Credits.of(elmo);
        TargetDoor target = new TargetDoor(hub.bean(CamelContext.class));
        for (Sis sis : hub.bean(Catalog.class).sis()) {
            try {
                target.payload(hub.bean(SisMapping.class), sis, elmo, credits);
            } catch (HubFailure refused) {
                requireCode(refused.code());
            }
        }
        if (random.nextInt(10) > 0) {
            return "assembled";
        }
        byte[] pdf = through("hub-transcript", elmo);
        byte[] whole = hub.bean(Attachment.class).attach(elmo, pdf);
        assertThat(hub.bean(ElmoSchema.class).validate(whole)).isEmpty();
        assertThat(Credits.of(through("hub-sign", whole))).isEqualTo(credits);
        return "signed";
    }

    /** The learner whom the answer is about, as if the request had named them. */
    private static Assembly.Request request(MappingResult result) {
        String xml = new String(result.xml(), StandardCharsets.UTF_8);
        Matcher identifier =
                Pattern.compile("<hub:identifier type=\"([^\"]*)\">([^<]*)<").matcher(xml);
        Matcher born = Pattern.compile("<hub:bday>([^<]*)<").matcher(xml);
        LocalDate birthDate = null;
        try {
            birthDate = born.find() ? LocalDate.parse(born.group(1)) : null;
        } catch (DateTimeParseException other) {
            // The register's date is not one that a request could name.
        }
        return new Assembly.Request(
                identifier.find()
                        ? List.of(new Assembly.Identifier(identifier.group(1), identifier.group(2)))
                        : List.of(),
                "Testi",
                "Esimerkki",
                birthDate);
    }

    /** The stylesheets by which routes of registers read answers before they are stored. */
    private static Door questionsOf(Catalog catalog) throws IOException {
        List<byte[]> samples = new ArrayList<>();
        List<Path> stylesheets = new ArrayList<>();
        for (Register register : catalog.registers()) {
            samples.addAll(files(register.mapping().resolve("samples"), "input.xml"));
            try (Stream<Path> files = Files.list(register.routes())) {
                files.filter(file -> file.toString().endsWith(".xsl"))
                        .filter(file -> !file.getFileName().toString().startsWith("simulator"))
                        .forEach(stylesheets::add);
            }
        }
        samples.add(bytes("<hub:answers xmlns:hub='urn:emrexhub:mapping:1'/>"));
        Stylesheets all = hub.bean(Stylesheets.class);
        return new Door("stylesheets of questions", 8, samples, (document, mutator, random) -> {
            Map<String, String> parameters = new HashMap<>();
            for (String name : List.of(
                    "identifier", "identifierType", "organisation", "operation", "system", "user", "key", "answers")) {
                parameters.put(name, random.nextBoolean() ? "OpiskelijanTiedot" : mutator.value());
            }
            parameters.put("names", new String(mutator.mutate(samples), StandardCharsets.UTF_8));
            parameters.put("timeLeft", "1000");
            parameters.put("allowed", "20000");
            parameters.put("startedAt", "2026-11-24T12:00:00.000");
            return all.transform(stylesheets.get(random.nextInt(stylesheets.size())), document, parameters).length > 0
                    ? "transformed"
                    : "nothing";
        });
    }

    private static List<Door> requests(Catalog catalog) {
        RequestDoor door = new RequestDoor(catalog.home(), catalog, Clock.systemUTC());
        List<Door> all = new ArrayList<>();
        List<byte[]> everything =
                door.samples().values().stream().flatMap(List::stream).toList();
        door.samples().forEach((operation, samples) -> {
            boolean main = operation.equals("createTransfer");
            List<byte[]> own = new ArrayList<>(samples.isEmpty() ? everything : samples);
            if (main) {
                own.add(bytes(
                        TransferRequest.to("sisu", TransferRequest.MAIJA).tree().toString()));
            }
            all.add(new Door("request " + operation, main ? 16 : 1, own, (document, mutator, random) -> {
                byte[] body = samples.isEmpty() ? new byte[0] : document;
                door.read(operation, body, () -> random.nextInt(3) > 0 ? "DELIVER" : mutator.value());
                return "taken";
            }));
        });
        return all;
    }

    private static List<Door> targets() {
        TargetDoor door = new TargetDoor(hub.bean(CamelContext.class));
        List<byte[]> answers = Stream.of(
                        "{\"items\":[{\"ref\":\"1\",\"status\":\"ACCEPTED\",\"targetId\":\"p-77\"},{\"ref\":\"2\",\"status\":\"DUPLICATE\"}]}",
                        "{\"items\":[{\"ref\":\"3\",\"status\":\"REJECTED\",\"code\":\"validation_failed\"},{\"ref\":\"4\",\"status\":\"RETRY\"},{\"ref\":\"5\",\"status\":\"UNKNOWN\"}]}",
                        "{\"items\":[]}")
                .map(MutatedDocumentsIT::bytes)
                .toList();
        List<byte[]> names = List.of(bytes("6f3f9a1c-58a5-4d0b-9c5e-2f1a6a1b7c01.ack.json"), bytes("../x.ack.json"));
        return List.of(
                new Door(
                        "answer of a target",
                        12,
                        answers,
                        (document, mutator, random) -> door.read(document, false) == 0 ? "no items" : "items"),
                new Door(
                        "what a target has",
                        6,
                        answers,
                        (document, mutator, random) -> door.read(document, true) == 0 ? "no items" : "items"),
                new Door("name of an answer file", 3, names, (document, mutator, random) -> {
                    try {
                        String id = door.transferOf(new String(document, StandardCharsets.UTF_8));
                        assertThat(id).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
                        return "a transfer";
                    } catch (IllegalArgumentException refused) {
                        return "no transfer";
                    }
                }));
    }

    private static Door signedDocument() throws IOException {
        String id = hub.transfer(TransferRequest.to("file-drop", TransferRequest.KAARLO));
        hub.await(id, "DELIVERED");
        byte[] signed =
                hub.get("client", "/transfers/" + id + "/elmo").response().body();
        List<byte[]> samples = new ArrayList<>(List.of(signed));
        return new Door("signed document", 8, samples, (document, mutator, random) -> {
            String outcome = "verified";
            try {
                through("hub-verify", document);
            } catch (XmlSignatureException refused) {
                outcome = "refused";
            }
            try {
                Credits.of(document);
            } catch (IllegalArgumentException unreadable) {
                return outcome + ", unreadable";
            }
            return outcome;
        });
    }

    private static byte[] through(String route, byte[] document) throws Exception {
        ProducerTemplate camel = hub.bean(CamelContext.class).createProducerTemplate();
        try {
            Exchange exchange =
                    camel.request("direct:" + route, asked -> asked.getMessage().setBody(document));
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            return exchange.getMessage().getBody(byte[].class);
        } finally {
            camel.stop();
        }
    }

    private static void requireCode(FailureCode code) {
        if (code == FailureCode.HUB_DEFECT) {
            throw new HubFailure(code);
        }
    }

    private static List<byte[]> files(Path folder, String glob) throws IOException {
        List<byte[]> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName()
                            .toString()
                            .matches(glob.replace(".", "\\.").replace("*", ".*")))
                    .sorted()
                    .toList()) {
                found.add(Files.readAllBytes(file));
            }
        }
        return found;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** All documents, what came of them and what they cost. */
    private static final class Run {

        private final Map<String, Map<String, LongAdder>> outcomes = new ConcurrentHashMap<>();
        private final Map<String, String> failures = new ConcurrentHashMap<>();
        private final AtomicLong next = new AtomicLong();
        private final AtomicLong done = new AtomicLong();
        private final Map<Thread, Long> under = new ConcurrentHashMap<>();
        private final List<Door> weighted = new ArrayList<>();
        private final Instant started = Instant.now();
        private volatile long slowest;
        private volatile String slowestOne = "";
        private volatile long largest;
        private volatile String largestOne = "";

        Run() {
            doors.forEach(door -> {
                for (int n = 0; n < door.weight(); n++) {
                    weighted.add(door);
                }
            });
        }

        void all() throws InterruptedException {
            List<Thread> workers = new ArrayList<>();
            for (int n = 0; n < THREADS; n++) {
                Thread worker = new Thread(this::work, "fuzz-" + n);
                worker.setDaemon(true);
                worker.start();
                workers.add(worker);
            }
            long before = -1;
            while (workers.stream().anyMatch(Thread::isAlive)) {
                workers.get(0).join(STUCK.toMillis());
                if (workers.get(0).isAlive()) {
                    if (done.get() == before) {
                        failures.put("stuck", "documents " + under.values());
                        return;
                    }
                    before = done.get();
                }
            }
        }

        private void work() {
            for (long index = next.getAndIncrement(); index < DOCUMENTS; index = next.getAndIncrement()) {
                if (Duration.between(started, Instant.now()).compareTo(AT_MOST) > 0 || failures.size() >= SHOWN) {
                    return;
                }
                under.put(Thread.currentThread(), index);
                one(index);
                done.incrementAndGet();
            }
        }

        void one(long index) {
            Random random = new Random(mixed(SEED, index));
            Door door = weighted.get(random.nextInt(weighted.size()));
            Mutator mutator = new Mutator(random);
            one(door, index, mutator.mutate(door.samples()), mutator, random);
        }

        void one(Door door, long index, byte[] document, Mutator mutator, Random random) {
            long thread = Thread.currentThread().getId();
            long time = THREADS_SEEN.getThreadCpuTime(thread);
            long memory = THREADS_SEEN.getThreadAllocatedBytes(thread);
            String outcome;
            try {
                outcome = door.opening().open(document, mutator, random);
            } catch (Throwable thrown) {
                outcome = code(thrown).orElse("");
                if (outcome.isEmpty()) {
                    fail(door, index, document, thrown.getClass().getName() + place(thrown));
                }
            }
            time = THREADS_SEEN.getThreadCpuTime(thread) - time;
            memory = THREADS_SEEN.getThreadAllocatedBytes(thread) - memory;
            measure(door.name() + ", " + index, time, memory);
            if (time > TIME.toNanos()) {
                fail(door, index, document, "took more than " + TIME);
            }
            if (memory > MEMORY) {
                fail(door, index, document, "took more than " + (MEMORY >> 20) + " MB");
            }
            outcomes.computeIfAbsent(door.name(), name -> new ConcurrentHashMap<>())
                    .computeIfAbsent(outcome, name -> new LongAdder())
                    .increment();
        }

        private synchronized void measure(String which, long time, long memory) {
            if (time > slowest) {
                slowest = time;
                slowestOne = which;
            }
            if (memory > largest) {
                largest = memory;
                largestOne = which;
            }
        }

        private void fail(Door door, long index, byte[] document, String what) {
            String known =
                    failures.putIfAbsent(door.name() + ": " + what, "-Dfuzz.seed=" + SEED + " -Dfuzz.only=" + index);
            if (known == null) {
                try {
                    Files.createDirectories(FAILED);
                    Files.write(FAILED.resolve(SEED + "-" + index), document);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        String figures() {
            Duration took = Duration.between(started, Instant.now());
            Map<String, Object> table = new TreeMap<>();
            outcomes.forEach((door, all) -> {
                Map<String, Long> sorted = new LinkedHashMap<>();
                all.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .forEach(entry ->
                                sorted.put(entry.getKey(), entry.getValue().sum()));
                table.put(door, sorted);
            });
            return "Mutated documents: seed " + SEED + ", " + done.get() + " documents in " + took.toSeconds()
                    + " s with "
                    + THREADS + " threads; the slowest took " + slowest / 1_000_000 + " ms (" + slowestOne
                    + "), the largest made " + (largest >> 20) + " MB (" + largestOne + ")\n"
                    + table.entrySet().stream()
                            .map(entry -> "  " + entry.getKey() + ": " + entry.getValue())
                            .collect(Collectors.joining("\n"));
        }

        /** Neighbouring seeds of {@link Random} begin alike. */
        private static long mixed(long seed, long index) {
            long z = seed * 0x9E3779B97F4A7C15L + index;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            return z ^ (z >>> 31);
        }

        /** The code that a caller, or the ledger, would be told; none if it would be a defect. */
        private static Optional<String> code(Throwable thrown) {
            for (Throwable each = thrown; each != null; each = each.getCause()) {
                if (each instanceof HubFailure failure) {
                    return failure.code() == FailureCode.HUB_DEFECT
                            ? Optional.empty()
                            : Optional.of(failure.code().wireName());
                }
                if (each instanceof Problem problem) {
                    return problem.code() == ProblemCode.HUB_DEFECT
                            ? Optional.empty()
                            : Optional.of(problem.code().wireName());
                }
            }
            return Optional.empty();
        }

        private static String place(Throwable thrown) {
            StringBuilder text = new StringBuilder();
            for (Throwable each = thrown; each != null; each = each.getCause()) {
                for (StackTraceElement frame : each.getStackTrace()) {
                    if (frame.getClassName().startsWith("org.emrexhub")) {
                        text.append(
                                        each == thrown
                                                ? ""
                                                : " caused by "
                                                        + each.getClass().getName())
                                .append(" at ")
                                .append(frame);
                        break;
                    }
                }
            }
            return text.toString();
        }
    }
}
