package org.emrexhub.transfer;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeFaults;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The encryption keys that this ledger was written with. The hub starts with the last of them or not at all: with another
 * one it would read nothing that it wrote, know no {@code Idempotency-Key} again, and give every credit another id at its
 * target. It looks once all else is made and before anything runs.
 */
@Component
class EncryptionKeys implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(EncryptionKeys.class);

    private record Known(int no, String keyId, String checkValue) {}

    private final JdbcTemplate jdbc;
    private final Vault vault;
    private final Documents documents;
    private final EncryptionSettings settings;

    EncryptionKeys(JdbcTemplate jdbc, Vault vault, Documents documents, EncryptionSettings settings) {
        this.jdbc = jdbc;
        this.vault = vault;
        this.documents = documents;
        this.settings = settings;
    }

    @Override
    public void afterSingletonsInstantiated() {
        refuseOtherKeyOfTheSameName();
        Optional<Known> last = last();
        if (last.isEmpty()) {
            newest().ifPresent(this::check);
        } else if (!last.get().keyId().equals(vault.keyId())) {
            replace(last.get().keyId());
        }
        if (last.isEmpty() || !last.get().keyId().equals(vault.keyId())) {
            add(last.map(Known::no).orElse(0) + 1);
        }
        // Read anew: another instance may have been the first at this moment, with a key of its own.
        Known inUse = last().orElseThrow();
        if (!inUse.keyId().equals(vault.keyId())) {
            throw otherId(inUse.keyId());
        }
        refuseOtherKeyOfTheSameName();
    }

    private void refuseOtherKeyOfTheSameName() {
        if (all().stream()
                .filter(known -> known.keyId().equals(vault.keyId()))
                .anyMatch(known -> !known.checkValue().equals(checkValue()))) {
            throw otherKey();
        }
    }

    private void add(int no) {
        jdbc.update(
                "insert into encryption_key (no, key_id, check_value, since) values (?, ?, ?, current_timestamp)"
                        + " on conflict do nothing",
                no,
                vault.keyId(),
                checkValue());
    }

    private String checkValue() {
        return vault.hash("check", vault.keyId());
    }

    private Optional<Known> last() {
        return all().stream().findFirst();
    }

    private List<Known> all() {
        return jdbc.query(
                "select no, key_id, check_value from encryption_key order by no desc",
                (row, no) -> new Known(row.getInt("no"), row.getString("key_id"), row.getString("check_value")));
    }

    // --- a ledger that is older than the list

    private record Newest(String keyId, boolean opens) {}

    /** The newest document of a ledger that has any. */
    private Optional<Newest> newest() {
        return jdbc
                .query("""
                        select d.transfer_id, d.kind, d.part, d.key_id, d.bytes
                        from transfer t join document d on d.transfer_id = t.id
                        order by t.created_at desc, t.id desc limit 1""", (row, no) -> {
                    boolean opens = row.getString("key_id").equals(vault.keyId());
                    try {
                        if (opens) {
                            documents.open(
                                    row,
                                    row.getObject("transfer_id", UUID.class),
                                    DocumentKind.valueOf(row.getString("kind")),
                                    row.getString("part"));
                        }
                    } catch (IllegalStateException another) {
                        opens = false;
                    }
                    return new Newest(row.getString("key_id"), opens);
                })
                .stream()
                .findFirst();
    }

    private void check(Newest newest) {
        if (!newest.keyId().equals(vault.keyId())) {
            replace(newest.keyId());
        } else if (!newest.opens()) {
            throw otherKey();
        }
    }

    // --- another key

    private void replace(String former) {
        if (!former.equals(settings.replaces())) {
            throw otherId(former);
        }
        Integer open = jdbc.queryForObject(
                "select count(*) from transfer where status in ('QUEUED', 'WAITING_RETRY', 'AWAITING_SELECTION',"
                        + " 'AWAITING_DECISION', 'DEAD_LETTERED')",
                Integer.class);
        log.warn(
                "Encryption key '{}' replaces '{}': what was written before can't be read any more, which concerns {}"
                        + " transfers that are not final, and credits delivered before have other ids from now on.",
                vault.keyId(),
                former,
                open);
    }

    private HomeFaults otherKey() {
        return fault(
                "emrexhub.encryption.key is not the key that this database was written with under the name '"
                        + vault.keyId()
                        + "': put that key back. With another one the hub could read nothing of it and would"
                        + " deliver credits a second time; a key that is meant to be new needs a new emrexhub.encryption.key-id.");
    }

    private HomeFaults otherId(String former) {
        return fault("This database was written with encryption key '" + former
                + "', but emrexhub.encryption.key-id is '" + vault.keyId()
                + "': put that key and its name back. To change the key on purpose, read \"Encryption key\" in"
                + " docs/operate.md, then set emrexhub.encryption.replaces to '" + former + "'.");
    }

    private static HomeFaults fault(String sentence) {
        return new HomeFaults(List.of(Fault.of(sentence)));
    }
}
