package org.emrexhub.delivery;

import org.emrexhub.elmo.Credit;
import org.emrexhub.transfer.Vault;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The id of a credit at its target, the same for the same credit in any transfer, and beside it the version, which
 * changes when the credit's date, result or size does. Both are keyed hashes, 43 characters of base64url.
 */
@Component
class CreditKeys {

    private final Vault vault;

    CreditKeys(Vault vault) {
        this.vault = vault;
    }

    String key(String sis, String studentKey, Credit credit) {
        return vault.hash("credit", sis, studentKey, credit.issuer(), credit.losId(), credit.loiId());
    }

    String losKey(String sis, String studentKey, Credit credit) {
        return vault.hash("los", sis, studentKey, credit.issuer(), credit.losId());
    }

    String version(Credit credit) {
        return vault.hash("version", text(credit.date()), text(credit.result()), credit.credits());
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
