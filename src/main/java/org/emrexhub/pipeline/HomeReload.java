package org.emrexhub.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeCheck;
import org.emrexhub.mapping.Stylesheets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.stereotype.Component;

/**
 * Lets edits of the home act while the hub runs, for who develops it. What is edited and broken is told with file and
 * line, and what ran before goes on.
 *
 * <p>Not Camel's own reloader: that one takes a route out before it knows whether the new one can be built.
 */
@Component
@ConditionalOnProperty("emrexhub.home-reload")
class HomeReload {

    private static final Logger log = LoggerFactory.getLogger(HomeReload.class);
    private static final String ROUTE = ".camel.yaml";
    private static final Set<String> DESCRIPTORS = Set.of("register.yaml", "sis.yaml", "openapi.yaml");
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final int LONGEST_REASON = 200;

    private final Catalog catalog;
    private final Stylesheets stylesheets;
    private final CamelContext camel;
    private final Environment environment;
    private final Map<Path, byte[]> running = new HashMap<>();
    private final Map<Path, String> stamps = new HashMap<>();
    private final TaskScheduler scheduler;

    HomeReload(
            Catalog catalog,
            Stylesheets stylesheets,
            CamelContext camel,
            Environment environment,
            TaskScheduler scheduler) {
        this.catalog = catalog;
        this.stylesheets = stylesheets;
        this.camel = camel;
        this.environment = environment;
        this.scheduler = scheduler;
    }

    /** Remembers what runs, and looks for edits from now on. */
    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        for (Path file : files()) {
            stamps.put(file, stamp(file));
            running.put(file, read(file));
        }
        refreshMappings();
        scheduler.scheduleWithFixedDelay(this::look, EVERY);
    }

    private void look() {
        refreshMappings();
        Set<Path> edited = new HashSet<>();
        for (Path file : files()) {
            String stamp = stamp(file);
            if (!stamp.equals(stamps.put(file, stamp))) {
                edited.add(file);
            }
        }
        if (!edited.isEmpty()) {
            edited(edited);
        }
    }

    private void refreshMappings() {
        catalog.registers()
                .forEach(register -> stylesheets.refresh(register.mapping().resolve("to-elmo.xsl")));
        catalog.sis().stream()
                .flatMap(sis -> sis.mapping().stream())
                .forEach(mapping -> stylesheets.refresh(mapping.resolve("from-elmo.xsl")));
    }

    private void edited(Set<Path> files) {
        List<Fault> faults = HomeCheck.routes(catalog.home(), environment);
        for (Path file : files) {
            List<Fault> own =
                    faults.stream().filter(fault -> file.equals(fault.file())).toList();
            byte[] text = read(file);
            if (!isRoute(file, text)) {
                log.warn("{} was edited; it acts after a restart", Fault.shown(file));
            } else if (!own.isEmpty()) {
                own.forEach(fault -> log.warn("{} What ran before goes on.", fault));
            } else {
                replace(file, text);
            }
        }
    }

    private void replace(Path file, byte[] text) {
        try {
            load(file, text);
            running.put(file, text);
            // Not less than WARN: the demo's terminal shows nothing else, and who edits waits for it.
            log.warn("{} was edited and runs", Fault.shown(file));
        } catch (Broken broken) {
            log.warn(
                    "{}: Camel can't use this route: {} What ran before goes on.",
                    Fault.shown(file),
                    broken.getMessage());
            byte[] before = running.get(file);
            if (before != null) {
                goOn(file, before);
            }
        }
    }

    private void goOn(Path file, byte[] before) {
        try {
            load(file, before);
        } catch (Broken again) {
            log.error("{}: what ran before can't be started again; restart the hub", Fault.shown(file));
        }
    }

    /** Camel can't use a route. */
    private static final class Broken extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Broken(Exception cause) {
            super(reason(cause), cause);
        }

        private static String reason(Throwable thrown) {
            @Nullable Throwable root = thrown;
            while (root.getCause() != null && root.getCause() != root) {
                root = root.getCause();
            }
            String text = String.valueOf(root.getMessage()).strip().replaceAll("\\s+", " ");
            return text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) + " …" : text;
        }
    }

    private void load(Path file, byte[] text) {
        try {
            PluginHelper.getRoutesLoader(camel)
                    .updateRoutes(ResourceHelper.fromBytes(file.toUri().toString(), text));
        } catch (Exception refused) {
            throw new Broken(refused);
        }
    }

    private static boolean isRoute(Path file, byte[] text) {
        Optional<String> first = new String(text, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .findFirst();
        return file.toString().endsWith(ROUTE)
                && !first.map(line -> line.matches("- (rest|restConfiguration|routeConfiguration):.*"))
                        .orElse(false);
    }

    private List<Path> files() {
        boolean demo = environment.matchesProfiles("demo");
        try (Stream<Path> files = Files.walk(catalog.home().resolve("routes"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> isWatched(String.valueOf(file.getFileName()), demo))
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static boolean isWatched(String name, boolean demo) {
        return DESCRIPTORS.contains(name) || (name.endsWith(ROUTE) && (demo || !name.startsWith("simulator")));
    }

    private static String stamp(Path file) {
        try {
            return Files.size(file) + "|" + Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return "";
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException gone) {
            return new byte[0];
        }
    }
}
