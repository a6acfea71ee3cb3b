package org.emrexhub.spine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * An Artemis broker in a process of its own, from its distribution, with the {@code docker/broker/broker.xml} that
 * operators get; only the address that it answers at is the test's.
 */
final class OutsideBroker implements AutoCloseable {

    private static final String USER = "emrexhub";
    private static final String PASSWORD = "invented";
    /** Where the profile {@code slow} of the pom unpacks the distribution. */
    private static final Path DISTRIBUTION = Path.of("target/artemis");

    private final Path folder;
    private final int port = RunningHub.freePort();
    private @Nullable Process process;

    /** Makes a broker that is not running yet; {@code folder} must not exist. */
    OutsideBroker(Path folder) throws IOException, InterruptedException {
        this.folder = folder.toAbsolutePath();
        List<String> create = List.of(
                distribution().resolve("bin/artemis").toString(),
                "create",
                "--silent",
                "--require-login",
                "--user=" + USER,
                "--password=" + PASSWORD,
                "--no-web",
                "--no-autotune",
                this.folder.toString());
        Process creating = command(create, "create.out").start();
        if (!creating.waitFor(2, TimeUnit.MINUTES) || creating.exitValue() != 0) {
            throw new IOException("artemis create failed, see " + output("create.out"));
        }
        configure(UnaryOperator.identity());
    }

    private static Path distribution() throws IOException {
        if (!Files.isDirectory(DISTRIBUTION)) {
            throw new IOException(DISTRIBUTION + " is missing: mvn -Pslow generate-test-resources unpacks it.");
        }
        try (Stream<Path> versions = Files.list(DISTRIBUTION)) {
            return versions.filter(each -> Files.exists(each.resolve("bin/artemis")))
                    .findFirst()
                    .orElseThrow(() -> new IOException("There is no broker in " + DISTRIBUTION))
                    .toAbsolutePath();
        }
    }

    /** Writes our {@code broker.xml} with a change; the broker reads it when it starts, and while it runs. */
    void configure(UnaryOperator<String> change) throws IOException {
        String ours = Files.readString(Path.of("docker/broker/broker.xml"));
        String here = ours.replace("tcp://0.0.0.0:61616", "tcp://127.0.0.1:" + port);
        Files.writeString(folder.resolve("etc/broker.xml"), change.apply(here));
    }

    void start() throws IOException {
        Process starting = command(List.of(folder.resolve("bin/artemis").toString(), "run"), "broker.out")
                .start();
        process = starting;
        Awaitility.await("the broker answers")
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(100))
                .failFast("the broker ended, see " + output("broker.out"), () -> !starting.isAlive())
                .until(this::answers);
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private ProcessBuilder command(List<String> command, String output) {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output(output).toFile()));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment()
                .put(
                        "JAVA_ARGS",
                        "-Xms64m -Xmx256m -Dlog4j2.disableJmx=true --add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
        return builder;
    }

    private Path output(String name) {
        return folder.resolveSibling(folder.getFileName() + "-" + name);
    }

    int port() {
        return port;
    }

    /** The settings of a hub that uses this broker at an address of it. */
    static String[] settings(int port) {
        return new String[] {
            "spring.artemis.mode=native",
            "spring.artemis.broker-url=tcp://127.0.0.1:" + port,
            "spring.artemis.user=" + USER,
            "spring.artemis.password=" + PASSWORD
        };
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            running.waitFor();
        }
    }

    /** Throws away all that the broker, which must not run, has on disk: messages, queues, everything. */
    void wipe() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
