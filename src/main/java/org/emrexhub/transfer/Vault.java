package org.emrexhub.transfer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts documents (AES-256-GCM, a fresh nonce each, bound to their place) and makes the keyed hashes that stand in
 * for identifiers: plain hashes of identifiers could be guessed.
 */
public final class Vault {

    private static final Logger log = LoggerFactory.getLogger(Vault.class);

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final String keyId;
    private final SecretKeySpec documentKey;
    private final SecretKeySpec hashKey;
    private final SecureRandom random = new SecureRandom();

    /**
     * A vault with one key.
     *
     * @param keyId name of the key
     * @param key 32 bytes
     */
    public Vault(String keyId, byte[] key) {
        if (key.length != 32) {
            throw new IllegalArgumentException(
                    "emrexhub.encryption.key must be the Base64 of exactly 32 bytes; it has " + key.length + ".");
        }
        this.keyId = keyId;
        // Two purposes, two keys: documents keep the configured key, hashes get one derived from it (RFC 5869's
        // expand).
        this.documentKey = new SecretKeySpec(key, "AES");
        this.hashKey = new SecretKeySpec(
                mac(new SecretKeySpec(key, "HmacSHA256"), "emrexhub hash key\u0001".getBytes(StandardCharsets.UTF_8)),
                "HmacSHA256");
    }

    /** Name of the key that {@link #encrypt} uses. */
    public String keyId() {
        return keyId;
    }

    /** Encrypts; {@code place} (for instance transfer and kind) is authenticated, so that documents can't be swapped. */
    public byte[] encrypt(String place, byte[] plain) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, place, nonce);
            byte[] sealed = new byte[NONCE_BYTES + cipher.getOutputSize(plain.length)];
            System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
            cipher.doFinal(plain, 0, plain.length, sealed, NONCE_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A document could not be encrypted.", e);
        }
    }

    /** Decrypts what {@link #encrypt} made for the same place. */
    public byte[] decrypt(String place, String usedKeyId, byte[] sealed) {
        if (!usedKeyId.equals(keyId)) {
            throw unreadable(
                    place,
                    "A document is encrypted with key '" + usedKeyId + "', but emrexhub.encryption.key-id is '" + keyId
                            + "': configure the key that it was written with.",
                    null);
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, place, java.util.Arrays.copyOf(sealed, NONCE_BYTES));
            return cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw unreadable(
                    place,
                    "A document can't be decrypted: emrexhub.encryption.key is not the one it was written with.",
                    e);
        }
    }

    /** Told here: who meets it further up tells of its class at most, since another's message could hold learner data. */
    private static IllegalStateException unreadable(String place, String sentence, @Nullable Exception cause) {
        log.error("Transfer {}: {}", place.replaceFirst("/.*", ""), sentence);
        return new IllegalStateException(sentence, cause);
    }

    private Cipher cipher(int mode, String place, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, documentKey, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /** HMAC-SHA-256 with the hub's key over a purpose and its parts, base64url without padding (43 characters). */
    public String hash(String purpose, String... parts) {
        StringBuilder text = new StringBuilder(purpose);
        for (String part : parts) {
            // The length before each part keeps ("ab","c") apart from ("a","bc").
            text.append('\u0000').append(part.length()).append(':').append(part);
        }
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(mac(hashKey, text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** HMAC-SHA-256 with the hub's key over bytes, for a purpose. */
    public String hash(String purpose, byte[] bytes) {
        return hash(purpose, sha256(bytes));
    }

    /** SHA-256, lower-case hex. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] mac(SecretKeySpec key, byte[] bytes) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
