package org.emrexhub.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.ProblemCode;
import org.junit.jupiter.api.Test;

/** What the documents say of the code is what the code says. */
class DocumentTests {

    private static final Markdown README = Markdown.of("README.md");
    private static final Markdown OPERATE = Markdown.of("docs/operate.md");

    @Test
    void listsEveryFailureCodeWithItsKind() {
        assertThat(rows("Failure codes", 2))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(FailureCode.values())
                        .map(code ->
                                List.of("`" + code.wireName() + "`", code.kind().name()))
                        .toList());
    }

    @Test
    void listsEveryProblemCodeWithItsStatus() {
        assertThat(rows("Problem codes", 2))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ProblemCode.values())
                        .map(code -> List.of("`" + code.wireName() + "`", String.valueOf(code.status())))
                        .toList());
    }

    @Test
    void listsEverySetting() {
        List<String> listed = rows("Settings", 1).stream()
                .map(row -> Markdown.code(row.get(0)).orElse(row.get(0)))
                .filter(name -> !name.contains("<id>"))
                .toList();

        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(SettingsMetadata.hub().stream()
                        .map(SettingsMetadata::name)
                        .toList());
    }

    /** A cell such as {@code `30s` (demo `1s`)}. */
    @Test
    void tellsTheDefaultsThatAreInForce() {
        Map<String, List<String>> told = new TreeMap<>();
        Map<String, List<String>> inForce = new TreeMap<>();
        Pattern cell = Pattern.compile("`([^`]+)`(?: \\(demo `([^`]+)`\\))?");
        for (List<String> row : rows("Settings", 2)) {
            String name = Markdown.code(row.get(0)).orElse("");
            Matcher values = cell.matcher(row.get(1));
            if (values.matches() && !name.contains("<id>")) {
                String standard = values.group(1);
                told.put(
                        name,
                        List.of(standard, Optional.ofNullable(values.group(2)).orElse(standard)));
                String production = configured("application.yaml", name)
                        .orElseGet(() -> SettingsMetadata.hub().stream()
                                .filter(setting -> setting.name().equals(name))
                                .map(SettingsMetadata::standard)
                                .findFirst()
                                .orElse("no setting"));
                inForce.put(
                        name,
                        List.of(
                                production,
                                configured("application-demo.yaml", name).orElse(production)));
            }
        }

        assertThat(told).isNotEmpty().isEqualTo(inForce);
    }

    /** A system's routes are its folder's business: its README tells of them, and a row here is a courtesy. */
    @Test
    void listsEveryRouteOfTheHubWithItsDescription() {
        List<List<String>> expected = new ArrayList<>();
        List<List<String>> systems = new ArrayList<>();
        for (Path file : Repository.files("routes", ".camel.yaml")) {
            String name = Repository.shown(file).replaceFirst("routes/", "");
            for (JsonNode entry : Repository.yaml(file)) {
                JsonNode part = entry.iterator().next();
                if (!entry.has("restConfiguration")) {
                    boolean system = name.startsWith("registers/") || name.startsWith("sis/");
                    (system ? systems : expected)
                            .add(List.of(
                                    "[`" + name + "`](" + name + ")",
                                    "`" + part.path("id").asText() + "`",
                                    part.path("description").asText()));
                }
            }
        }
        List<List<String>> listed = Markdown.of("routes/README.md").section("Every route").rows().stream()
                // REST definitions have no description of their own.
                .map(row -> row.get(1).matches("`(api|demo)`") ? List.of(row.get(0), row.get(1), "") : row)
                .toList();

        assertThat(listed).filteredOn(row -> !systems.contains(row)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void startsTheDemoByTheFirstCommand() {
        assertThat(README.commands()).containsExactly("mvn -q spring-boot:run -Dspring-boot.run.profiles=demo");
        assertThat(Repository.ROOT.resolve("src/main/resources/application-demo.yaml"))
                .exists();
    }

    @Test
    void buildsByTheCommandThatTheChecksOfAChangeRun() {
        List<String> build = README.section("Build and test").commands();

        assertThat(build).hasSize(1);
        assertThat(Repository.text(".ci/run").lines()).containsAll(build);
    }

    @Test
    void keepsTheReadmeShort() {
        assertThat(README.text().lines().count()).isLessThanOrEqualTo(150);
    }

    @Test
    void leadsToPlacesThatExist() {
        List<String> dead = new ArrayList<>();
        for (Path file : Repository.files("", ".md")) {
            for (String link : Markdown.of(file).links()) {
                String[] parts = link.split("#", 2);
                Path target = parts[0].isEmpty()
                        ? file
                        : file.resolveSibling(parts[0]).normalize();
                boolean there = Files.exists(target)
                        && (parts.length == 1 || Markdown.of(target).anchors().contains(parts[1]));
                if (!there) {
                    dead.add(Repository.shown(file) + ": " + link);
                }
            }
        }

        assertThat(dead).isEmpty();
    }

    @Test
    void recordsDecisionsInOneForm() {
        assertThat(Repository.files("docs/adr", ".md")).isNotEmpty().allSatisfy(file -> {
            String text = Repository.text(file);
            List<String> headings =
                    text.lines().filter(line -> line.startsWith("## ")).toList();

            assertThat(file.getFileName().toString()).matches("20\\d\\d-[01]\\d-[0-3]\\d-[a-z0-9-]+\\.md");
            assertThat(text).containsPattern("(?m)^\\*\\*Status\\.\\*\\* ");
            assertThat(headings)
                    .as(Repository.shown(file))
                    .containsExactly("## Decision", "## Why", "## Alternatives", "## Consequences");
            assertThat(text.lines().count()).as(Repository.shown(file)).isLessThanOrEqualTo(60);
        });
    }

    private static List<List<String>> rows(String section, int columns) {
        return OPERATE.section(section).rows().stream()
                .map(row -> row.subList(0, columns))
                .toList();
    }

    private static Optional<String> configured(String file, String name) {
        JsonNode value = Repository.yaml(Repository.ROOT.resolve("src/main/resources/" + file))
                .at("/" + name.replace('.', '/'));
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.asText());
    }
}
