package org.emrexhub.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How a route's id follows from its file: {@code routes/registers/fi-virta/pull.camel.yaml} is {@code register-fi-virta-pull}. */
public final class RouteNames {

    static final String SUFFIX = ".camel.yaml";

    private static final Map<String, String> SINGULAR =
            Map.of("registers", "register", "contact-points", "contact-point");

    private RouteNames() {}

    /** The id of the route in a file below {@code routes}; a leading number only orders the files. */
    static String id(Path routes, Path file) {
        Path relative = routes.relativize(file);
        List<String> names = new ArrayList<>();
        for (Path step : relative) {
            names.add(step.toString());
        }
        names.set(0, SINGULAR.getOrDefault(names.get(0), names.get(0)));
        int last = names.size() - 1;
        names.set(last, names.get(last).replace(SUFFIX, "").replaceFirst("^\\d+-", ""));
        return String.join("-", names);
    }

    /** Whether a file holds a simulator, which exists in profile demo only. */
    static boolean isSimulator(Path file) {
        return String.valueOf(file.getFileName()).startsWith("simulator");
    }

    /** All route files of a home, in the order of their paths. */
    static List<Path> files(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("routes"))) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    /** The file of the route with this id. */
    public static Optional<Path> file(Path home, String id) {
        try {
            return files(home).stream()
                    .filter(file -> id(home.resolve("routes"), file).equals(id))
                    .findFirst();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
