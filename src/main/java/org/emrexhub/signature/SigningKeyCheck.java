package org.emrexhub.signature;

import java.util.Optional;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Whether the configured signing key can be used, for the start, which asks before it touches anything. */
public final class SigningKeyCheck {

    private SigningKeyCheck() {}

    /** What is wrong with the key that is configured, in one sentence; nothing if none is. */
    public static Optional<String> fault(Environment environment) {
        try {
            Optional<SignatureSettings> settings = Optional.ofNullable(Binder.get(environment)
                            .bind("emrexhub.signature", SignatureSettings.class)
                            .orElse(null))
                    .filter(configured -> !configured.empty());
            settings.ifPresent(
                    configured -> SigningKeyFiles.load(configured, SignatureConfiguration.clockOfTheStart()));
            return Optional.empty();
        } catch (SigningKeyFault fault) {
            return Optional.ofNullable(fault.getMessage());
        } catch (BindException told) {
            // With all other settings that can't be read.
            return Optional.empty();
        }
    }
}
