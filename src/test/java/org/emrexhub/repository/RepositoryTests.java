package org.emrexhub.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds for the files of this repository as a whole. */
class RepositoryTests {

    /** What H2 and PostgreSQL both know, by this name and in this meaning. */
    private static final Pattern COLUMN_OF_BOTH =
            Pattern.compile("(uuid|integer|bigint|boolean|bytea|date|varchar\\(\\d+\\)|numeric\\(\\d+, ?\\d+\\)"
                    + "|timestamp\\(6\\)( with time zone)?)(?![\\w(\\[]).*");

    private static final Pattern TABLE = Pattern.compile("(?s)create table (\\w+) \\((.*?)\\n\\);");

    // --- the components that the hub is made of

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "camel-spring-boot-starter, direct",
        "camel-http-starter, http",
        "camel-sql-starter, sql",
        "camel-jms-starter, jms",
        "camel-xmlsecurity-starter, xmlsecurity-sign",
        "camel-xmlsecurity-starter, xmlsecurity-verify",
        "camel-platform-http-starter, platform-http",
    })
    void usesComponentInRoutes(String artifact, String component) {
        assertThat(pom()).contains("<artifactId>" + artifact + "</artifactId>");
        assertThat(Route.routes())
                .flatMap(Route::endpoints)
                .extracting(Route.Endpoint::uri)
                .contains(component);
    }

    @Test
    void bindsRestToTheContract() {
        assertThat(pom()).contains("<artifactId>camel-rest-starter</artifactId>", "camel-rest-openapi-starter");
        assertThat(Repository.yaml(Repository.ROOT.resolve("routes/api/api.camel.yaml"))
                        .findValue("openApi")
                        .path("specification")
                        .asText())
                .endsWith("routes/api/openapi.yaml");
    }

    @Test
    void readsElmoByJaxbInRoutes() {
        assertThat(pom()).contains("<artifactId>camel-jaxb-starter</artifactId>");
        assertThat(Route.routes())
                .flatMap(Route::steps)
                .filteredOn(
                        step -> step.kind().equals("unmarshal") || step.kind().equals("marshal"))
                .anySatisfy(step -> assertThat(
                                step.yaml().path("jaxb").path("contextPath").asText())
                        .isEqualTo("org.emrexhub.elmo.xml"));
    }

    @Test
    void queuesInArtemis() {
        assertThat(pom()).contains("spring-boot-starter-artemis", "artemis-jakarta-server");
        assertThat(Repository.yaml(Repository.ROOT.resolve("src/main/resources/application.yaml"))
                        .at("/spring/artemis/embedded/persistent")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void testsByJUnit5Only() {
        List<String> imports = Repository.files("src/test", ".java").stream()
                .flatMap(file -> Repository.text(file).lines())
                .filter(line -> line.startsWith("import org.junit."))
                .toList();

        assertThat(imports).isNotEmpty().allMatch(line -> line.startsWith("import org.junit.jupiter."));
    }

    // --- mappings

    @Test
    void showsEveryMappingBySamplesOfWhatItTakesAndWhatItRefuses() {
        List<Path> mappings = Stream.of("mappings/registers", "mappings/sis")
                .flatMap(area -> Repository.folders(area).stream())
                .toList();

        assertThat(mappings).isNotEmpty().allSatisfy(mapping -> {
            List<Path> samples = Repository.folders(Repository.shown(mapping.resolve("samples")));

            assertThat(samples)
                    .anyMatch(RepositoryTests::isRefused)
                    .anyMatch(Predicate.not(RepositoryTests::isRefused));
            assertThat(mapping.resolve("README.md")).exists();
        });
    }

    @Test
    void explainsEverySystemToItsIntegrator() {
        assertThat(Stream.of("routes/registers", "routes/sis").flatMap(area -> Repository.folders(area).stream()))
                .isNotEmpty()
                .allSatisfy(system -> assertThat(system.resolve("README.md")).exists());
    }

    private static boolean isRefused(Path sample) {
        return Files.exists(sample.resolve("failure.txt"));
    }

    // --- the ledger

    @Test
    void migratesBothDatabasesByOneScript() {
        List<String> others = new ArrayList<>();
        int columns = 0;
        for (Path script : Repository.files("src/main/resources/db/migration", ".sql")) {
            Matcher table = TABLE.matcher(Repository.text(script));
            while (table.find()) {
                for (String line : table.group(2).lines().map(String::strip).toList()) {
                    if (!line.isEmpty() && !line.matches("(primary key|constraint|unique|foreign key|check|--).*")) {
                        columns++;
                        if (!COLUMN_OF_BOTH
                                .matcher(line.replaceFirst("^\\w+\\s+", ""))
                                .matches()) {
                            others.add(table.group(1) + ": " + line);
                        }
                    }
                }
            }
        }

        assertThat(others).isEmpty();
        assertThat(columns).isPositive();
    }

    /** Learner data stands in two tables, encrypted; no other column may hold bytes. */
    @Test
    void keepsBytesInTwoTables() {
        Matcher table = TABLE.matcher(Repository.text("src/main/resources/db/migration/V1__spine.sql"));

        assertThat(table.results()
                        .filter(found -> found.group(2).contains(" bytea"))
                        .map(found -> found.group(1)))
                .containsExactlyInAnyOrder("document", "application");
    }

    // --- house rules

    @Test
    void pointsNowhereOutside() {
        // Jane is invented.
        Pattern machine = Pattern.compile("(?<![\\w.$}-])/(home(?!/jane/)|root|Users|work|workspace)/\\w");
        Pattern shared = Pattern.compile("shared[/]reference");

        assertThat(lines((file, line) ->
                        machine.matcher(line).find() || (shared.matcher(line).find() && !file.equals(".ci/run"))))
                .isEmpty();
    }

    @Test
    void leavesNothingToDoWithoutALink() {
        Pattern mark = Pattern.compile("\\b(TOD[O]|FIXM[E]|XX[X])\\b");

        // A sample is what a register says, in its words.
        assertThat(lines((file, line) ->
                        mark.matcher(line).find() && !line.contains("https://") && !file.contains("/samples/")))
                .as("a mark of what is to be done wants the link to its issue in the same line")
                .isEmpty();
    }

    @Test
    void saysOfEveryPackageWhatItIsNot() {
        assertThat(Repository.files("src/main/java", "package-info.java"))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(Repository.text(file))
                        .as(Repository.shown(file))
                        .contains("* <p>Not "));
    }

    private static String pom() {
        return Repository.text("pom.xml");
    }

    private interface Rule {
        boolean broken(String file, String line);
    }

    private static List<String> lines(Rule rule) {
        List<String> broken = new ArrayList<>();
        for (Path file : Repository.files()) {
            String name = Repository.shown(file);
            List<String> lines = isText(file) ? Repository.text(file).lines().toList() : List.of();
            for (int i = 0; i < lines.size(); i++) {
                if (rule.broken(name, lines.get(i))) {
                    broken.add(name + ":" + (i + 1));
                }
            }
        }
        return broken;
    }

    private static boolean isText(Path file) {
        return !file.toString().matches(".*\\.(jar|p12|jks|pdf|png|icc|ttf)");
    }
}
