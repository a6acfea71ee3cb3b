package org.emrexhub.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeChanges;
import org.emrexhub.catalog.HomeCheck;
import org.emrexhub.catalog.HomeFaults;
import org.emrexhub.catalog.HubHome;
import org.emrexhub.demo.SimulatorKeys;
import org.emrexhub.signature.SigningKeyCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationContextInitializedEvent;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

/**
 * Checks home and configuration once they are known and before anything else starts, and makes the {@link Catalog} out
 * of them. Whatever is wrong is told at once.
 *
 * <p>Not an {@code EnvironmentPostProcessor}: nothing can be logged that early, and the settings of a test would not be
 * seen.
 */
final class StartCheck implements ApplicationListener<ApplicationContextInitializedEvent> {

    private static final Logger log = LoggerFactory.getLogger(StartCheck.class);

    private static final String NO_SIMULATORS = "**/simulator*.camel.yaml";
    private static final String LOOPBACK = "127.0.0.1";
    private static final String DEFAULT_PORT = "8080";

    @Override
    public void onApplicationEvent(ApplicationContextInitializedEvent event) {
        boolean hub = event.getSpringApplication().getAllSources().stream()
                .anyMatch(source -> source instanceof Class<?> type
                        && AnnotatedElementUtils.hasAnnotation(type, SpringBootApplication.class));
        // A test of a part, with a configuration of its own, needs neither home nor production settings.
        if (hub) {
            check(event.getApplicationContext());
        }
    }

    /** Checks and prepares a context that is not refreshed yet. */
    static void check(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        boolean demo = environment.acceptsProfiles(Profiles.of("demo"));
        UnsetVariables unset = UnsetVariables.of(environment);
        override(environment, "hubUnset", unset.asMissing());
        List<Fault> faults =
                new ArrayList<>(demo ? DemoAddress.faults(environment) : ProductionSettings.faults(environment));
        if (faults.stream().noneMatch(fault -> fault.sentence().startsWith("emrexhub.signature."))) {
            SigningKeyCheck.fault(environment).map(Fault::of).ifPresent(faults::add);
        }
        Path data = DataFolder.path(environment);
        fix(environment, demo, data);
        faults.addAll(Ports.faults(environment));
        DeclaredSettings declared = new DeclaredSettings(environment);
        faults.addAll(declared.faults());
        DataFolder claimed;
        try {
            claimed = DataFolder.claim(data);
        } catch (HomeFaults inUse) {
            // Without the claim the home can't be unpacked, and so not be read.
            faults.addAll(inUse.faults());
            throw new HomeFaults(unset.explain(faults));
        }
        if (demo) {
            // Before the home is read: its descriptors name them.
            SimulatorKeys.make(data);
        }
        try {
            Path home = HubHome.find(environment, data);
            override(environment, "hubHome", Map.of("emrexhub.home", home.toString()));
            if (!demo) {
                faults.addAll(HomeChanges.faults(home, permittedChanges(environment)));
            }
            HomeCheck.Result result = HomeCheck.check(home, environment);
            environment.getPropertySources().addLast(new MapPropertySource("descriptors", result.defaults()));
            faults.addAll(result.faults());
            leaveOut(environment, result.unused());
            warnOfUnknown(declared.unknown(keys(result)));
            if (!demo) {
                warnOfMissingFolders(result.catalog());
            }
            context.getBeanFactory().registerSingleton("catalog", result.catalog());
        } catch (HomeFaults noHome) {
            faults.addAll(noHome.faults());
        }
        faults = unset.explain(faults);
        if (!faults.isEmpty()) {
            claimed.close();
            throw new HomeFaults(faults);
        }
        // Given free as the last of all, also when the start fails later.
        ((DefaultListableBeanFactory) context.getBeanFactory()).registerDisposableBean("dataFolder", claimed::close);
    }

    /** Sets what no configuration may change, and makes what is relative or random certain. */
    private static void fix(ConfigurableEnvironment environment, boolean demo, Path data) {
        Map<String, Object> fixed = new HashMap<>();
        fixed.put("emrexhub.data", data.toString());
        if (demo) {
            fixed.put("server.address", environment.getProperty("server.address", LOOPBACK));
            if (environment.containsProperty("management.server.port")) {
                fixed.put("management.server.address", environment.getProperty("management.server.address", LOOPBACK));
            }
            // The simulators' addresses name the port, so it must be known before the server has one.
            String port = environment.getProperty("server.port", DEFAULT_PORT);
            fixed.put("server.port", port.equals("0") ? String.valueOf(Ports.free()) : port);
            String tlsPort = environment.getProperty("emrexhub.demo.tls-port", "0");
            fixed.put("emrexhub.demo.tls-port", tlsPort.equals("0") ? String.valueOf(Ports.free()) : tlsPort);
        } else {
            String configured = environment.getProperty("camel.main.routes-exclude-pattern", "");
            fixed.put(
                    "camel.main.routes-exclude-pattern",
                    configured.isBlank() || configured.equals(NO_SIMULATORS)
                            ? NO_SIMULATORS
                            : configured + "," + NO_SIMULATORS);
        }
        override(environment, "hubFixed", fixed);
    }

    /** Routes of registers and systems that are not in use are not loaded. */
    private static void leaveOut(ConfigurableEnvironment environment, List<Path> unused) {
        if (unused.isEmpty()) {
            return;
        }
        String patterns = unused.stream()
                .map(folder -> "**/" + folder.subpath(folder.getNameCount() - 2, folder.getNameCount()) + "/**")
                .collect(Collectors.joining(","));
        String known = environment.getProperty("camel.main.routes-exclude-pattern", "");
        override(
                environment,
                "hubUnused",
                Map.of("camel.main.routes-exclude-pattern", known.isBlank() ? patterns : known + "," + patterns));
        log.info("Not in use, since no setting names them: {}.", names(unused));
    }

    /** Every key that the descriptors of the home declare. */
    private static Set<String> keys(HomeCheck.Result result) {
        Set<String> keys = new HashSet<>(result.defaults().keySet());
        systems(result.catalog()).forEach((prefix, settings) -> {
            settings.keySet().forEach(name -> keys.add(prefix + name));
            keys.add(prefix + "timeout");
            keys.add(prefix + "settle");
        });
        return keys;
    }

    /** The settings of every register and system in use, by the prefix of their keys. */
    private static Map<String, Map<String, String>> systems(Catalog catalog) {
        Map<String, Map<String, String>> systems = new LinkedHashMap<>();
        catalog.registers()
                .forEach(register -> systems.put("emrexhub.registers." + register.id() + ".", register.settings()));
        catalog.sis().forEach(sis -> systems.put("emrexhub.sis." + sis.id() + ".", sis.settings()));
        return systems;
    }

    private static void warnOfUnknown(Set<String> unknown) {
        if (!unknown.isEmpty()) {
            log.warn(
                    "Nobody reads these settings: {}. Compare them with docs/operate.md, \"Settings\", and with the"
                            + " descriptor in the folder of the register or system.",
                    String.join(", ", unknown));
        }
    }

    /** Not a fault: a share may be mounted later, and is away like any system until then. */
    private static void warnOfMissingFolders(Catalog catalog) {
        systems(catalog).forEach((prefix, settings) -> {
            String folder = settings.getOrDefault("folder", "");
            if (!folder.isBlank() && !Files.isDirectory(Path.of(folder))) {
                log.warn("{}folder names {}, where there is no folder yet: what is for it waits.", prefix, folder);
            }
        });
    }

    private static String names(List<Path> folders) {
        return folders.stream()
                .map(folder -> String.valueOf(folder.getFileName()))
                .collect(Collectors.joining(", "));
    }

    private static List<String> permittedChanges(ConfigurableEnvironment environment) {
        return Binder.get(environment)
                .bind(HomeChanges.PERMITTED, Bindable.listOf(String.class))
                .orElse(List.of());
    }

    private static void override(ConfigurableEnvironment environment, String name, Map<String, Object> values) {
        environment.getPropertySources().addFirst(new MapPropertySource(name, values));
    }
}
