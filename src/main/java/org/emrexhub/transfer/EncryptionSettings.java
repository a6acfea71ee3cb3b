package org.emrexhub.transfer;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The key of the hub's documents.
 *
 * @param key AES-256 key, Base64 of 32 bytes; the demo makes one under {@code <data>/keys}
 * @param keyId name of the key, stored beside every document
 * @param replaces name of the key that this one takes the place of, for who changes it on purpose
 */
@ConfigurationProperties("emrexhub.encryption")
public record EncryptionSettings(
        @Nullable String key,
        @DefaultValue("1") String keyId,
        @Nullable String replaces) {

    @Override
    public String toString() {
        return "EncryptionSettings[keyId=" + keyId + ", replaces=" + replaces + "]";
    }
}
