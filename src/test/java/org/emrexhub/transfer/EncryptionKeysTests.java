package org.emrexhub.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.emrexhub.catalog.HomeFaults;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** With which keys a hub may start over a ledger. */
@ExtendWith(OutputCaptureExtension.class)
class EncryptionKeysTests {

    private static final Instant NOW = Instant.parse("2026-02-02T12:00:00Z");

    private JdbcTemplate jdbc;

    @BeforeEach
    void emptyLedger() {
        DriverManagerDataSource source = new DriverManagerDataSource(
                "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1");
        Flyway.configure().dataSource(source).load().migrate();
        jdbc = new JdbcTemplate(source);
    }

    private void start(String keyId, char key, @Nullable String replaces) {
        Vault vault = vault(keyId, key);
        new EncryptionKeys(jdbc, vault, new Documents(jdbc, vault), new EncryptionSettings("not read", keyId, replaces))
                .afterSingletonsInstantiated();
    }

    private static Vault vault(String keyId, char key) {
        return new Vault(keyId, String.valueOf(key).repeat(32).getBytes(StandardCharsets.US_ASCII));
    }

    private UUID transfer(String keyId, char key) {
        UUID id = UUID.randomUUID();
        jdbc.update("""
                insert into transfer (id, origin, institution, client, sis, hold, stage, status, revision, tries,
                    learner_key, student_key, idempotency_key, request_hash, priority, created_at, updated_at)
                values (?, 'API', 'i', 'c', 's', 'NEVER', 'PULL', 'QUEUED', 1, 0, 'l', 's', ?, 'h', 4, ?, ?)""", id, id.toString(), Sql.at(NOW), Sql.at(NOW));
        new Documents(jdbc, vault(keyId, key)).put(id, DocumentKind.REQUEST, "", new byte[] {1}, NOW);
        return id;
    }

    @Test
    void startsWithTheSameKeyAgain() {
        start("1", 'a', null);

        assertThatCode(() -> start("1", 'a', null)).doesNotThrowAnyException();
        assertThat(keyIds()).containsExactly("1");
    }

    @Test
    void refusesAnotherKeyOfTheSameName() {
        start("1", 'a', null);

        assertRefused(() -> start("1", 'b', null), "emrexhub.encryption.key is not the key");
        assertRefused(() -> start("1", 'b', "1"), "emrexhub.encryption.key is not the key");
    }

    @Test
    void refusesAnotherNameUnlessToldWhatItReplaces(CapturedOutput output) {
        start("1", 'a', null);
        transfer("1", 'a');

        assertRefused(() -> start("2", 'b', null), "written with encryption key '1'");
        assertRefused(() -> start("2", 'b', "0"), "written with encryption key '1'");
        start("2", 'b', "1");

        assertThat(output).contains("Encryption key '2' replaces '1'", "1 transfers that are not final");
        assertThatCode(() -> start("2", 'b', null)).doesNotThrowAnyException();
        assertRefused(() -> start("1", 'a', null), "written with encryption key '2'");
        assertRefused(() -> start("1", 'b', "2"), "emrexhub.encryption.key is not the key");
        assertThat(keyIds()).containsExactly("1", "2");
    }

    @Test
    void triesADocumentOfALedgerThatKnowsNoKeyYet() {
        transfer("1", 'a');

        assertRefused(() -> start("1", 'b', null), "emrexhub.encryption.key is not the key");
        assertRefused(() -> start("2", 'b', null), "written with encryption key '1'");
        assertThat(keyIds()).isEmpty();
        start("1", 'a', null);
        assertThat(keyIds()).containsExactly("1");
    }

    @Test
    void namesTheTransferWhoseDocumentItCannotRead(CapturedOutput output) {
        UUID id = transfer("1", 'a');
        Documents others = new Documents(jdbc, vault("1", 'b'));

        assertThatThrownBy(() -> others.find(id, DocumentKind.REQUEST, "")).isInstanceOf(IllegalStateException.class);

        assertThat(output).contains("Transfer " + id + ": A document can't be decrypted");
    }

    private List<String> keyIds() {
        return jdbc.queryForList("select key_id from encryption_key order by no", String.class);
    }

    private static void assertRefused(ThrowingCallable start, String sentence) {
        assertThatThrownBy(start).isInstanceOf(HomeFaults.class).hasMessageContaining(sentence);
    }
}
