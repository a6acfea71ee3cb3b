package org.emrexhub.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.emrexhub.HubSettings;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeFaults;
import org.springframework.boot.autoconfigure.jms.artemis.ArtemisMode;
import org.springframework.boot.autoconfigure.jms.artemis.ArtemisProperties;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The instances that share this database. An embedded broker knows only its own messages, so it refuses to start beside
 * a second live instance; several instances share an external broker.
 */
@Component
class Instances {

    static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final int DEAD_AFTER_SECONDS = 20;

    private final JdbcTemplate jdbc;
    private final boolean embedded;
    private final String id;

    Instances(JdbcTemplate jdbc, ArtemisProperties artemis, HubSettings settings) {
        this.jdbc = jdbc;
        this.embedded = artemis.getMode() != ArtemisMode.NATIVE;
        // The id belongs to the data folder: a hub that was killed and starts again is the same instance.
        this.id = idOf(settings.data().resolve("instance.id"));
        refuseSecond();
        beat();
    }

    private static String idOf(Path file) {
        try {
            if (Files.exists(file)) {
                return Files.readString(file).strip();
            }
            Files.createDirectories(file.toAbsolutePath().getParent());
            String fresh = UUID.randomUUID().toString();
            Files.writeString(file, fresh);
            return fresh;
        } catch (IOException e) {
            throw new UncheckedIOException("The data folder can't be written: " + file, e);
        }
    }

    private void refuseSecond() {
        Integer others = jdbc.queryForObject(
                "select count(*) from instance where id <> ? and (embedded = true or ?) and seen_at > current_timestamp"
                        + " - interval '" + DEAD_AFTER_SECONDS + "' second",
                Integer.class,
                id,
                embedded);
        if (others != null && others > 0) {
            throw new HomeFaults(List.of(Fault.of(
                    "Another hub uses this database at this moment, and one of the two has an embedded broker: let both use"
                            + " one external broker (spring.artemis.mode=native, spring.artemis.broker-url), or stop the"
                            + " other hub.")));
        }
    }

    /** Says that this instance lives. */
    void beat() {
        int known =
                jdbc.update("update instance set seen_at = current_timestamp, embedded = ? where id = ?", embedded, id);
        if (known == 0) {
            jdbc.update("insert into instance (id, seen_at, embedded) values (?, current_timestamp, ?)", id, embedded);
        }
    }
}
