package org.emrexhub.signature;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;

/** The verifier of the xmlsec library: not in Java, and not ours. */
final class Xmlsec1 {

    private final Path folder;
    private final Path certificate;

    Xmlsec1(Path folder, X509Certificate certificate) throws IOException {
        assumeTrue(
                installed(),
                "xmlsec1 is not installed (Debian: apt-get install xmlsec1); signatures are not checked by it");
        this.folder = folder;
        this.certificate = Files.writeString(folder.resolve("certificate.pem"), TestKeys.pem(certificate));
    }

    boolean accepts(byte[] document) throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("document.xml"), document);
        return run(
                "xmlsec1",
                "--verify",
                "--pubkey-cert-pem",
                certificate.toString(),
                "--enabled-reference-uris",
                "empty",
                file.toString());
    }

    private static boolean installed() {
        try {
            return run("xmlsec1", "--version");
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("xmlsec1 does not end");
        }
        return process.exitValue() == 0;
    }
}
