package org.emrexhub.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.emrexhub.catalog.HomeCheck;
import org.emrexhub.demo.SimulatorKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** What can be set is declared once, used somewhere, and nothing is set that nobody reads. */
class SettingsTests {

    private static final Pattern STYLESHEET_PARAMETER = Pattern.compile("(?m)^  <xsl:param name=\"([^\"]+)\"");
    private static final Set<String> OF_EVERY_REGISTER = Set.of("register", "identifierType", "identifier", "today");
    private static final Path DATA = Path.of("target", "demo-data").toAbsolutePath();
    private static final Pattern LOOPBACK = Pattern.compile("127\\.0\\.0\\.1|jdbc:h2:mem:");

    /** A folder of routes with its descriptor and the folder of its mapping, which a target may lack. */
    private record SystemFolder(String area, Path routes, JsonNode descriptor) {

        String id() {
            return routes.getFileName().toString();
        }

        Path mapping() {
            return Repository.ROOT.resolve("mappings").resolve(area).resolve(id());
        }

        Map<String, JsonNode> properties() {
            Map<String, JsonNode> properties = new TreeMap<>();
            descriptor.path("properties").properties().forEach(each -> properties.put(each.getKey(), each.getValue()));
            return properties;
        }

        Set<String> parameters() {
            Set<String> parameters = new TreeSet<>();
            for (Path stylesheet : Repository.files(Repository.shown(mapping()), ".xsl")) {
                Matcher parameter = STYLESHEET_PARAMETER.matcher(Repository.text(stylesheet));
                while (parameter.find()) {
                    parameters.add(parameter.group(1));
                }
            }
            return parameters;
        }

        @Override
        public String toString() {
            return area + "/" + id();
        }
    }

    private static List<SystemFolder> systems() {
        return Stream.of("registers", "sis")
                .flatMap(area -> Repository.folders("routes/" + area).stream()
                        .map(folder -> new SystemFolder(
                                area,
                                folder,
                                Repository.yaml(folder.resolve(area.equals("sis") ? "sis.yaml" : "register.yaml")))))
                .toList();
    }

    /** Schema, ids, calls and every {@code {{key}}}: what the start checks, over our own home with its simulators. */
    @Test
    void startFindsNoFaultInOurHome() {
        StandardEnvironment environment = environment("demo");

        assertThat(HomeCheck.check(Repository.ROOT, environment).faults()).isEmpty();
    }

    @Test
    void usesEveryPropertyThatADescriptorDeclares() {
        List<String> unused = new ArrayList<>();
        String routes =
                String.join("", Route.all().stream().map(Route::text).distinct().toList());
        for (SystemFolder system : systems()) {
            for (String property : system.properties().keySet()) {
                String key = "{{emrexhub." + system.area() + "." + system.id() + "." + property;
                boolean inRoute = routes.contains(key + "}}") || routes.contains(key + ":");
                // `datasource: true` makes a data source of these three.
                boolean inDatasource = system.descriptor().path("datasource").asBoolean()
                        && Set.of("url", "username", "password").contains(property);
                // A keystore is opened with the properties named after it.
                boolean ofKeystore = system.properties().entrySet().stream()
                        .filter(each -> each.getValue().path("format").asText().equals("keystore"))
                        .anyMatch(each -> property.equals(each.getKey() + "-password")
                                || property.equals(each.getKey() + "-trust"));
                if (!inRoute
                        && !inDatasource
                        && !ofKeystore
                        && !system.parameters().contains(property)) {
                    unused.add(system + " declares '" + property + "', which no route and no mapping uses");
                }
            }
        }

        assertThat(unused).isEmpty();
    }

    @Test
    void givesEveryParameterThatAMappingTakes() {
        for (SystemFolder system : systems()) {
            Set<String> given = new TreeSet<>(system.area().equals("registers") ? OF_EVERY_REGISTER : Set.of());
            system.properties().forEach((name, property) -> {
                if (!property.path("format").asText().equals("password")) {
                    given.add(name);
                }
            });

            assertThat(given).as("given to mappings/%s", system).containsAll(system.parameters());
        }
    }

    @Test
    void readsEveryParameterThatAMappingTakes() {
        for (SystemFolder system : systems()) {
            if (Files.isDirectory(system.mapping())) {
                String stylesheets = String.join(
                        "",
                        Repository.files(Repository.shown(system.mapping()), ".xsl").stream()
                                .map(Repository::text)
                                .toList());

                assertThat(system.parameters())
                        .as("read in mappings/%s", system)
                        .allSatisfy(name -> assertThat(stylesheets).containsPattern("\\$" + name + "(?![\\w-])"));
            }
        }
    }

    @Test
    void demoReachesNobodyAndSecretsHaveNoDefault() {
        List<String> faults = new ArrayList<>();
        for (SystemFolder system : systems()) {
            system.properties().forEach((name, property) -> {
                String demo = property.path("demo").asText();
                if (demo.matches("[a-z]+:.*//.*|jdbc:.*")
                        && !LOOPBACK.matcher(demo).find()) {
                    faults.add(system + ": the demo's " + name + " is another machine: " + demo);
                }
                boolean secret = property.path("format").asText().equals("password");
                if (property.has("default") && (secret || name.equals("url"))) {
                    faults.add(system + ": " + name + " has a default that reaches production");
                }
                String example = property.path("example").asText();
                if (example.contains("://") && !example.matches(".*//[^/]*\\bexample\\b.*")) {
                    faults.add(system + ": the example of " + name + " is somebody's address: " + example);
                }
            });
        }

        assertThat(faults).isEmpty();
    }

    @Test
    void describesEverySettingOfTheHub() {
        assertThat(SettingsMetadata.hub())
                .isNotEmpty()
                .allSatisfy(setting -> assertThat(setting.description())
                        .as("%s has a Javadoc line", setting.name())
                        .isNotBlank());
    }

    @ParameterizedTest
    @ValueSource(strings = {"application.yaml", "application-demo.yaml"})
    void setsOnlyWhatSomebodyReads(String file) {
        List<SettingsMetadata> known = SettingsMetadata.all();
        Set<String> declared = new TreeSet<>();
        for (SystemFolder system : systems()) {
            String prefix = "emrexhub." + system.area() + "." + system.id() + ".";
            system.properties().keySet().forEach(name -> declared.add(prefix + name));
            // An installation may be slower than what its descriptor says.
            declared.addAll(List.of(prefix + "timeout", prefix + "settle"));
        }
        List<String> unknown = keys("", Repository.yaml(Repository.ROOT.resolve("src/main/resources/" + file))).stream()
                .filter(key -> !declared.contains(key))
                .filter(key -> known.stream().noneMatch(each -> each.isOrHolds(key)))
                .toList();

        assertThat(unknown).isEmpty();
    }

    @Test
    void keepsSecretsOutOfTheConfiguration() {
        for (Path file : Repository.files("src/main/resources", ".yaml")) {
            for (String key : keys("", Repository.yaml(file))) {
                JsonNode value = Repository.yaml(file).at("/" + key.replace('.', '/'));
                boolean secret = key.matches(".*(password|secret|token|encryption\\.key)");

                assertThat(!secret || value.asText().isEmpty() || value.asText().startsWith("${"))
                        .as("%s: %s holds no value", Repository.shown(file), key)
                        .isTrue();
            }
        }
    }

    static StandardEnvironment environment(String... profiles) {
        // The demo's descriptors name the certificates that a demo makes when it starts.
        SimulatorKeys.make(DATA);
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "home", Map.of("emrexhub.home", Repository.ROOT.toString(), "emrexhub.data", DATA.toString())));
        ConfigDataEnvironmentPostProcessor.applyTo(environment, null, null, profiles);
        return environment;
    }

    private static List<String> keys(String prefix, JsonNode node) {
        List<String> keys = new ArrayList<>();
        if (!node.isObject()) {
            return List.of(prefix);
        }
        node.properties()
                .forEach(each -> keys.addAll(
                        keys(prefix.isEmpty() ? each.getKey() : prefix + "." + each.getKey(), each.getValue())));
        return keys;
    }
}
