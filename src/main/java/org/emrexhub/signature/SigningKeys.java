package org.emrexhub.signature;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import org.apache.camel.Message;
import org.apache.camel.component.xmlsecurity.api.KeyAccessor;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * The hub's signing key, read once at the start and kept in memory.
 *
 * <p>Camel's own accessor opens the keystore for every message, which costs half as much as the signature itself.
 */
public final class SigningKeys implements KeyAccessor {

    private final SigningKey signingKey;
    private final Clock clock;

    SigningKeys(SigningKey signingKey, Clock clock) {
        this.signingKey = signingKey;
        this.clock = clock;
    }

    /** The certificate that receivers verify with. */
    public X509Certificate certificate() {
        return signingKey.certificate();
    }

    /** When the certificate's validity is over. */
    public Instant expiresAt() {
        return signingKey.expiresAt();
    }

    /** Whether the certificate's validity is over. */
    boolean expired() {
        return signingKey.expired(clock);
    }

    /** Stops signing once the certificate's validity is over. */
    public void requireValid() {
        if (expired()) {
            throw new HubFailure(
                    FailureCode.SIGNING_KEY_EXPIRED,
                    "the certificate expired on " + SigningKey.day(signingKey.expiresAt()));
        }
    }

    @Override
    public KeySelector getKeySelector(Message message) {
        requireValid();
        return KeySelector.singletonKeySelector(signingKey.key());
    }

    @Override
    public KeyInfo getKeyInfo(Message message, Node root, KeyInfoFactory factory) {
        // A signer asks here once it has read the document; it would append a second signature without a word.
        if (root instanceof Element element && !Signatures.ofRoot(element).isEmpty()) {
            throw new HubFailure(FailureCode.HUB_DEFECT, "the document to sign is signed already");
        }
        return factory.newKeyInfo(List.of(factory.newX509Data(signingKey.chain())));
    }
}
