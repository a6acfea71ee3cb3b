package org.emrexhub.cli;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.emrexhub.catalog.Fault;
import org.springframework.core.env.Environment;

/** What the hub needs outside profile demo and has no safe default for. There is no default secret anywhere. */
final class ProductionSettings {

    private static final int AES_256_KEY_BYTES = 32;

    private final Environment environment;
    private final List<Fault> faults = new ArrayList<>();

    private ProductionSettings(Environment environment) {
        this.environment = environment;
    }

    /** Everything that is missing or can't be used, one sentence each. */
    static List<Fault> faults(Environment environment) {
        ProductionSettings settings = new ProductionSettings(environment);
        settings.checkSignature();
        settings.checkEncryption();
        settings.checkDatabase();
        settings.checkCallers();
        settings.checkBroker();
        return settings.faults;
    }

    private void checkSignature() {
        String prefix = "emrexhub.signature.";
        boolean pem = isSet(prefix + "key") || isSet(prefix + "certificates");
        boolean keystore = Stream.of("keystore", "keystore-password", "alias").anyMatch(name -> isSet(prefix + name));
        if (!pem && !keystore) {
            faults.add(Fault.of("emrexhub.signature.keystore and emrexhub.signature.keystore-password are missing: the"
                    + " key that signs ELMO, in PKCS#12, such as /etc/emrexhub/signing.p12; or, in PEM,"
                    + " emrexhub.signature.key and emrexhub.signature.certificates."));
        } else if (pem) {
            require(prefix + "key", "the private key that signs ELMO, in PEM, such as /etc/emrexhub/signing.key");
            require(prefix + "certificates", "its certificate chain, in PEM, such as /etc/emrexhub/signing.pem");
        } else {
            require(
                    prefix + "keystore",
                    "the PKCS#12 file with the key that signs ELMO, such as /etc/emrexhub/signing.p12");
            require(prefix + "keystore-password", "the password of the PKCS#12 file");
        }
    }

    private void checkEncryption() {
        String key = "emrexhub.encryption.key";
        if (require(
                        key,
                        "the key that encrypts learner data, 32 random bytes in Base64, such as `openssl rand -base64 32` prints")
                && !isAesKey(value(key))) {
            faults.add(Fault.of(key + " must be 32 bytes in Base64, such as `openssl rand -base64 32` prints."));
        }
        require("emrexhub.encryption.key-id", "a name for that key, kept beside what it encrypted, such as 2026-1");
    }

    private static boolean isAesKey(String base64) {
        try {
            return Base64.getDecoder().decode(base64.strip()).length == AES_256_KEY_BYTES;
        } catch (IllegalArgumentException noBase64) {
            return false;
        }
    }

    private void checkDatabase() {
        require(
                "spring.datasource.url",
                "the database of the ledger, such as jdbc:postgresql://db.example.org/emrexhub");
        if (!value("spring.datasource.url").startsWith("jdbc:h2:")) {
            require("spring.datasource.username", "the hub's user in the database, such as emrexhub");
            require("spring.datasource.password", "the password of that user");
        }
    }

    private void checkCallers() {
        String prefix = "spring.security.oauth2.resourceserver.jwt.";
        boolean known =
                Stream.of("issuer-uri", "jwk-set-uri", "public-key-location").anyMatch(name -> isSet(prefix + name));
        if (!known) {
            faults.add(Fault.of(prefix + "issuer-uri is missing: who issues the tokens of callers, such as"
                    + " https://login.example.org/realms/hub; or " + prefix + "jwk-set-uri."));
        }
    }

    private void checkBroker() {
        if (value("spring.artemis.mode").equalsIgnoreCase("native")) {
            require("spring.artemis.broker-url", "the external broker, such as tcp://broker.example.org:61616");
            require("spring.artemis.user", "the hub's user at the broker, such as emrexhub");
            require("spring.artemis.password", "the password of that user");
        }
    }

    private boolean require(String key, String what) {
        if (!isSet(key)) {
            faults.add(Fault.of(key + " is missing: " + what + "."));
            return false;
        }
        return true;
    }

    private boolean isSet(String key) {
        return !value(key).isBlank();
    }

    private String value(String key) {
        return Optional.ofNullable(environment.getProperty(key)).orElse("");
    }
}
