package org.emrexhub.transfer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.emrexhub.HubSettings;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeFaults;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/** Where the vault's key comes from: the configuration, or in the demo a file that it makes at its first start. */
@Configuration(proxyBeanMethods = false)
class VaultConfiguration {

    private static final int KEY_BYTES = 32;

    @Bean
    Vault vault(EncryptionSettings settings, HubSettings hub, Environment environment) {
        String key = settings.key();
        if (key == null || key.isBlank()) {
            if (!environment.acceptsProfiles(Profiles.of("demo"))) {
                throw new IllegalStateException(
                        "emrexhub.encryption.key is missing: the Base64 of 32 random bytes, for instance by 'openssl rand -base64 32'.");
            }
            key = demoKey(hub.data().resolve("keys").resolve("encryption.key"));
        }
        return new Vault(settings.keyId(), decode(key));
    }

    private static byte[] decode(String key) {
        try {
            byte[] decoded = Base64.getDecoder().decode(key.strip());
            if (decoded.length == KEY_BYTES) {
                return decoded;
            }
        } catch (IllegalArgumentException noBase64) {
            // Told below; the decoder's message quotes the key.
        }
        throw new HomeFaults(List.of(Fault.of(
                "emrexhub.encryption.key must be 32 bytes in Base64, such as `openssl rand -base64 32` prints.")));
    }

    private static String demoKey(Path file) {
        try {
            if (Files.exists(file)) {
                return Files.readString(file);
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            byte[] fresh = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(fresh);
            String text = Base64.getEncoder().encodeToString(fresh);
            Files.writeString(file, text);
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException("The data folder can't be written: " + file, e);
        }
    }
}
