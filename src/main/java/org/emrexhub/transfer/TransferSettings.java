package org.emrexhub.transfer;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What holds for every transfer.
 *
 * @param onFailedRegister what happens when one register of several fails for good
 * @param holdLimit the longest a transfer waits for a person; the consent's expiry may end it earlier
 */
@Validated
@ConfigurationProperties("emrexhub.transfer")
public record TransferSettings(
        @DefaultValue("dead") OnFailedRegister onFailedRegister,

        @DurationMin(seconds = 1, message = "must be at least 1s") @DefaultValue("30d")
        Duration holdLimit) {

    /** The whole transfer is dead, or the rest is delivered with the missing register named. */
    public enum OnFailedRegister {
        DEAD,
        DELIVER_REST
    }
}
