package org.emrexhub;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the hub lives.
 *
 * @param home the folder with {@code routes/} and {@code mappings/}
 * @param data the folder of all that is written: database, journal, generated keys, dropped files, logs
 */
@ConfigurationProperties("emrexhub")
public record HubSettings(Path home, @DefaultValue("data") Path data) {}
