package org.emrexhub.transfer;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What holds for every transfer.
 *
 * @param onFailedRegister what happens when one register of several fails for good
 * @param holdLimit the longest a transfer waits for a person; the consent's expiry may end it earlier
 */
@ConfigurationProperties("emrexhub.transfer")
public record TransferSettings(
        @DefaultValue("dead") OnFailedRegister onFailedRegister,
        @DefaultValue("30d") Duration holdLimit) {

    /** The whole transfer is dead, or the rest is delivered with the missing register named. */
    public enum OnFailedRegister {
        DEAD,
        DELIVER_REST
    }
}
