package org.emrexhub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file drop's routes over a real folder. */
@SuppressWarnings("NullAway.Init")
class FileDropRoutesTests {

    private static final String ID = "0f0e0d0c-1111-4222-8333-444455556666";
    private static final byte[] DOCUMENT = "<elmo>Näyte</elmo>".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private final Answers answers = new Answers();
    private RouteFiles routes;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectory(folder.resolve("inbox"));
        routes = new RouteFiles(
                Map.of("emrexhub.sis.file-drop.folder", folder.toString()),
                Map.of("deliveryAnswers", answers),
                "routes/shared/accept-batch.camel.yaml",
                "routes/sis/file-drop/push.camel.yaml",
                "routes/sis/file-drop/verify.camel.yaml",
                "routes/sis/file-drop/answers.camel.yaml");
    }

    @AfterEach
    void stop() {
        routes.close();
    }

    @Test
    void dropsTheSignedBytesWithTheirChecksum() throws Exception {
        Exchange exchange = push(ID);

        assertThat(exchange.getException()).isNull();
        assertThat(json(exchange).at("/items/0/status").asText()).isEqualTo("ACCEPTED");
        assertThat(inbox()).containsExactly(ID + ".xml", ID + ".xml.sha256");
        assertThat(folder.resolve("inbox").resolve(ID + ".xml")).hasBinaryContent(DOCUMENT);
        Process check = new ProcessBuilder("sha256sum", "--check", "--strict", "--quiet", ID + ".xml.sha256")
                .directory(folder.resolve("inbox").toFile())
                .start();
        assertThat(check.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(check.exitValue()).isZero();
    }

    @Test
    void dropsTheSameBytesTwiceWithoutHarm() throws Exception {
        push(ID);
        Exchange again = push(ID);

        assertThat(json(again).at("/items/0/status").asText()).isEqualTo("ACCEPTED");
        assertThat(inbox()).containsExactly(ID + ".xml", ID + ".xml.sha256");
    }

    @Test
    void isUnavailableWhileTheInboxIsMissing() throws Exception {
        Files.delete(folder.resolve("inbox"));

        assertThat(push(ID).getVariable("failure")).isEqualTo("sis_unavailable");
        assertThat(verify(ID).getVariable("failure")).isEqualTo("sis_unavailable");
        assertThat(folder.resolve("inbox")).doesNotExist();
    }

    @Test
    void writesNowhereElse() {
        Exchange exchange = push("../" + ID);

        assertThat(exchange.getException()).isInstanceOf(IllegalArgumentException.class);
        assertThat(exchange.getVariable("failure")).isNull();
    }

    @Test
    void findsWhatWasDroppedAsAWhole() throws Exception {
        assertThat(json(verify(ID)).at("/items")).isEmpty();

        push(ID);
        assertThat(json(verify(ID)).at("/items/0/targetId").asText()).isEqualTo("key");

        Files.writeString(folder.resolve("inbox").resolve(ID + ".xml"), "<elmo>");
        assertThat(json(verify(ID)).at("/items")).isEmpty();

        Files.createDirectory(folder.resolve("done"));
        Files.writeString(folder.resolve("done").resolve(ID + ".ack.json"), "{}");
        assertThat(json(verify(ID)).at("/items")).isNotEmpty();
    }

    @Test
    void recordsAnAnswerAndKeepsIt() throws Exception {
        Files.writeString(folder.resolve("inbox").resolve(ID + ".ack.json"), "{\"items\":[]}");

        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(folder.resolve("done/" + ID + ".ack.json")));
        assertThat(answers.received).containsEntry(ID, "{\"items\":[]}");
    }

    @Test
    void setsAnAnswerAsideThatItCannotRead() throws Exception {
        Files.writeString(folder.resolve(ID + ".ack.json"), "unreadable");
        Files.writeString(folder.resolve("no-transfer.ack.json"), "{\"items\":[]}");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(folder.resolve("unreadable/" + ID + ".ack.json"))
                        && Files.exists(folder.resolve("unreadable/no-transfer.ack.json")));
        assertThat(answers.received).isEmpty();
    }

    @Test
    void keepsAnAnswerThatCouldNotBeRecordedYet() throws Exception {
        answers.down = true;
        Path answer = folder.resolve("inbox").resolve(ID + ".ack.json");
        Files.writeString(answer, "{\"items\":[]}");

        await().atMost(Duration.ofSeconds(20)).until(() -> answers.calls > 0);
        answers.down = false;
        await().atMost(Duration.ofSeconds(20)).until(() -> !answers.received.isEmpty());
        await().atMost(Duration.ofSeconds(5)).until(() -> !Files.exists(answer));
    }

    @Test
    void neitherFollowsNorOpensWhatIsNoPlainFile() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret.txt"), "{\"items\":[]}");
        Path link = folder.resolve("inbox").resolve("00000000-0000-4000-8000-000000000001.ack.json");
        Files.createSymbolicLink(link, secret);
        Files.createSymbolicLink(folder.resolve("00000000-0000-4000-8000-000000000002.ack.json"), Path.of("/dev/zero"));
        Path pipe = folder.resolve("inbox").resolve("00000000-0000-4000-8000-000000000003.ack.json");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Files.createFile(folder.resolve("00000000-0000-4000-8000-000000000004.ack.json"));
        Files.createDirectory(folder.resolve("00000000-0000-4000-8000-000000000005.ack.json"));

        recordsAnAnswerAndKeepsIt();

        assertThat(answers.received).containsOnlyKeys(ID);
        assertThat(link).isSymbolicLink();
        assertThat(pipe).exists();
    }

    @Test
    void setsAsideWhatIsTooLongWithoutReadingItToItsEnd() throws Exception {
        Path answer = folder.resolve(ID + ".ack.json");
        try (RandomAccessFile file = new RandomAccessFile(answer.toFile(), "rw")) {
            file.setLength(3L << 30);
        }

        await().atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(folder.resolve("unreadable/" + ID + ".ack.json")));
        assertThat(answers.calls).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a..b",
                "0f0e0d0c-1111-4222-8333-44445555666",
                "0F0E0D0C-1111-4222-8333-444455556666",
                "1-1-1-1-1",
                "%2e%2e%2fx",
                "line\nbreak",
                "\u001b[31m",
                "ä"
            })
    void takesNoOtherNameForATransfers(String name) throws Exception {
        Files.writeString(folder.resolve(name + ".ack.json"), "{\"items\":[]}");

        await().atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(folder.resolve("unreadable/" + name + ".ack.json")));
        assertThat(answers.calls).isZero();
    }

    @Test
    void doesNotReadWhatSomebodyPutUnderTheNameOfItsDocument() throws Exception {
        push(ID);
        Path document = folder.resolve("inbox").resolve(ID + ".xml");
        Files.delete(document);
        try (RandomAccessFile file = new RandomAccessFile(document.toFile(), "rw")) {
            file.setLength(2L << 30);
        }
        assertThat(json(verify(ID)).at("/items")).isEmpty();

        Files.delete(document);
        Files.createSymbolicLink(document, Path.of("/dev/zero"));
        assertThat(json(verify(ID)).at("/items")).isEmpty();
    }

    private Exchange push(String id) {
        Exchange exchange = exchange(id);
        exchange.getMessage().setBody(DOCUMENT);
        return routes.camel().createProducerTemplate().send("direct:sis-file-drop-push", exchange);
    }

    private Exchange verify(String id) {
        return routes.camel().createProducerTemplate().send("direct:sis-file-drop-verify", exchange(id));
    }

    private Exchange exchange(String id) {
        Exchange exchange = new DefaultExchange(routes.camel());
        exchange.setVariable("transferId", id);
        exchange.setVariable("items", List.of(Map.of("ref", "1", "creditKey", "key", "targetId", "key")));
        return exchange;
    }

    private List<String> inbox() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("inbox"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static JsonNode json(Exchange exchange) throws IOException {
        assertThat(exchange.getException()).isNull();
        return new ObjectMapper().readTree(exchange.getMessage().getBody(byte[].class));
    }

    /** Stands for the ledger's side of a late answer. */
    public static class Answers {

        final Map<String, String> received = new ConcurrentHashMap<>();
        volatile boolean down;
        volatile int calls;

        public void late(String sis, String transferId, byte[] answer) {
            assertThat(sis).isEqualTo("file-drop");
            calls++;
            if (down) {
                throw new IllegalStateException("the database is down");
            }
            String text = new String(answer, StandardCharsets.UTF_8);
            if (!text.startsWith("{")) {
                throw new IllegalArgumentException("The answer is not JSON");
            }
            received.put(transferId, text);
        }
    }
}
