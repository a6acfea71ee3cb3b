package org.emrexhub.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** All route files of a home, checked before Camel sees them: Camel itself stops at the first fault. */
final class RouteFiles {

    private static final String FAILURE_POLICY = "failure-policy";

    private final Path home;
    private final Faults faults;
    private final List<RouteFile> files = new ArrayList<>();

    private RouteFiles(Path home, Faults faults) {
        this.home = home;
        this.faults = faults;
    }

    /**
     * Adds the faults of all route files.
     *
     * @param demo whether simulators are loaded; where they are not, they are not checked either
     * @param declared whether a {@code {{key}}} has somebody who declares it
     */
    static void check(Path home, boolean demo, Predicate<String> declared, Faults faults) {
        RouteFiles routes = new RouteFiles(home, faults);
        routes.read(demo);
        routes.checkKeys(declared);
        routes.checkCalls();
        routes.checkConfigurations();
    }

    private void read(boolean demo) {
        RouteSchema schema = new RouteSchema();
        EndpointOptions endpoints = new EndpointOptions();
        Map<String, Path> ids = new HashMap<>();
        try {
            for (Path path : RouteNames.files(home)) {
                boolean simulator = RouteNames.isSimulator(path);
                if (simulator && !demo) {
                    continue;
                }
                String id = RouteNames.id(home.resolve("routes"), path);
                Path same = ids.putIfAbsent(id, path);
                if (same != null) {
                    faults.add(Fault.in(path, "has the same route id '" + id + "' as " + Fault.shown(same) + "."));
                }
                YamlFile.read(path, faults).ifPresent(yaml -> {
                    schema.check(yaml, faults);
                    endpoints.check(yaml, faults);
                    files.add(RouteFile.read(yaml, id, simulator, faults));
                });
            }
        } catch (IOException unreadable) {
            faults.add(Fault.in(home.resolve("routes"), "can't be read."));
        }
    }

    private void checkKeys(Predicate<String> declared) {
        for (RouteFile file : files) {
            for (RouteFile.Use key : file.keys()) {
                if (!declared.test(key.name())) {
                    faults.add(
                            file.path(),
                            key.line(),
                            "{{" + key.name() + "}} is neither declared by a descriptor nor configured.");
                }
            }
        }
    }

    private void checkCalls() {
        Map<String, Path> answered = new HashMap<>();
        for (RouteFile file : files) {
            Optional<RouteFile.Use> consumer = file.consumer();
            if (consumer.isPresent()) {
                Path same = answered.putIfAbsent(consumer.get().name(), file.path());
                if (same != null) {
                    faults.add(
                            file.path(),
                            consumer.get().line(),
                            "direct:" + consumer.get().name() + " is answered by " + Fault.shown(same) + " already.");
                }
            }
        }
        for (RouteFile file : files) {
            for (RouteFile.Use call : file.calls()) {
                if (!answered.containsKey(call.name())) {
                    faults.add(file.path(), call.line(), "calls direct:" + call.name() + ", which no route answers.");
                }
            }
        }
    }

    private void checkConfigurations() {
        Set<String> known = new HashSet<>();
        files.forEach(file -> known.addAll(file.configurations()));
        for (RouteFile file : files) {
            file.configuration()
                    .filter(used -> !known.contains(used.name()))
                    .ifPresent(used -> faults.add(
                            file.path(),
                            used.line(),
                            "the route configuration '" + used.name() + "' does not exist; there is " + FAILURE_POLICY
                                    + " in routes/hub."));
        }
    }
}
