package org.emrexhub;

import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the hub lives.
 *
 * @param home the folder with {@code routes/} and {@code mappings/}
 * @param data the folder of all that is written: database, journal, generated keys, dropped files, logs
 * @param homeReload whether edits of routes, stylesheets and tables act while the hub runs, for who develops them
 * @param permittedChanges patterns of the files of the home that may differ from what the jar ships
 */
@ConfigurationProperties("emrexhub")
public record HubSettings(
        Path home,
        @DefaultValue("data") Path data,
        @DefaultValue("false") boolean homeReload,
        @DefaultValue List<String> permittedChanges) {}
