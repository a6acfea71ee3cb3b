package org.emrexhub.repository;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.emrexhub.repository.Route.Endpoint;
import org.emrexhub.repository.Route.Step;
import org.junit.jupiter.api.Test;

/** The form of a route file, as far as the check at the start leaves it to taste: an integrator reads them all alike. */
class RouteFormTests {

    private static final List<String> PARTS =
            List.of("id", "description", "group", "nodePrefixId", "routeConfigurationId", "errorHandler", "from");
    private static final Set<String> OPTIONAL = Set.of("routeConfigurationId", "errorHandler");
    private static final Set<String> SCRIPTS =
            Set.of("script", "groovy", "java", "joor", "js", "python", "mvel", "ognl", "spel", "csimple", "language");
    private static final Set<String> EXPRESSIONS = Set.of("simple", "constant", "variable", "xpath", "jsonpath");
    private static final Pattern IN_LOG = Pattern.compile(
            "\\$\\{(variable\\.(failure|failureCode|failureDetail|register|sis|transferId|httpStatus))}");
    private static final Pattern HOST =
            Pattern.compile("\\b([a-z]+://|jdbc:)|\\b\\d{1,3}(\\.\\d{1,3}){3}\\b|\\blocalhost\\b");
    private static final Pattern CREDENTIAL =
            Pattern.compile("(?i)(user(name)?|password|passphrase|secret|token|(api-?)?key|credentials?)");

    private final List<Route> all = Route.all();
    private final List<Route> routes = Route.routes();

    @Test
    void saysWhyInAtMostThreeLinesOfComment() {
        assertThat(faults(all, route -> {
                    long lines = route.text()
                            .lines()
                            .takeWhile(line -> line.startsWith("# "))
                            .count();
                    boolean first = route.text()
                            .lines()
                            .skip(lines)
                            .findFirst()
                            .orElse("")
                            .startsWith("- ");
                    return lines >= 1 && lines <= 3 && first ? List.of() : List.of("has " + lines + " such lines");
                }))
                .isEmpty();
    }

    @Test
    void holdsItsPartsInOneOrder() {
        assertThat(faults(routes, route -> {
                    List<String> parts = names(route.yaml());
                    List<String> ordered = PARTS.stream()
                            .filter(part -> parts.contains(part) || !OPTIONAL.contains(part))
                            .toList();
                    return parts.equals(ordered) ? List.of() : List.of(parts + ", not " + ordered);
                }))
                .isEmpty();
    }

    @Test
    void describesItselfInOneSentence() {
        assertThat(faults(all, route -> {
                    String description = route.yaml().path("description").asText();
                    return description.matches("[A-Z].*[^.]\\.") && !description.contains(". ")
                            ? List.of()
                            : List.of("'" + description + "'");
                }))
                .isEmpty();
    }

    @Test
    void belongsToTheGroupOfItsFolder() {
        assertThat(faults(routes, route -> {
                    String group = route.yaml().path("group").asText();
                    return group.equals(route.folder()) ? List.of() : List.of("'" + group + "'");
                }))
                .isEmpty();
    }

    @Test
    void leavesErrorsToThePolicyOrSaysWhyNot() {
        assertThat(faults(routes, route -> {
                    String policy = route.yaml().path("routeConfigurationId").asText();
                    boolean named = Set.of("failure-policy", "api-problems").contains(policy);
                    boolean excused = route.comment().contains("failure policy") || route.isSimulator();
                    List<String> faults = new ArrayList<>(
                            named || (policy.isEmpty() && excused) ? List.of() : List.of("policy '" + policy + "'"));
                    // Who calls such a route meets its errors; it may keep Camel from telling them too.
                    boolean silent = excused && route.yaml().at("/errorHandler").has("noErrorHandler");
                    keys(route.yaml())
                            .filter(key -> key.equals("onException") || (key.equals("errorHandler") && !silent))
                            .forEach(faults::add);
                    return faults;
                }))
                .isEmpty();
    }

    @Test
    void namesEveryStepByVerbAndObject() {
        assertThat(faults(
                        all,
                        route -> route.steps().stream()
                                .filter(step -> !step.id().matches("[a-z]+(-[a-z0-9]+)+"))
                                .map(step -> step.kind() + " '" + step.id() + "'")
                                .toList()))
                .as("a step's id is a verb and its object, such as post-credits or if-answered")
                .isEmpty();
    }

    /** A route's steps are told apart by its prefix; a configuration has none, and Camel wants ids unique over all. */
    @Test
    void namesStepsOfConfigurationsApart() {
        Map<String, List<String>> ids = new HashMap<>();
        all.stream()
                .filter(route -> route.kind().equals("routeConfiguration"))
                .forEach(route -> route.steps()
                        .forEach(step -> ids.computeIfAbsent(step.id(), id -> new ArrayList<>())
                                .add(route.file())));

        assertThat(ids).allSatisfy((id, files) -> assertThat(files).as(id).hasSize(1));
    }

    @Test
    void isWrittenInFull() {
        assertThat(faults(all, route -> {
                    List<String> faults = new ArrayList<>();
                    for (Step step : route.steps()) {
                        if (!step.yaml().isObject()) {
                            faults.add(step.kind() + " in short form");
                        }
                    }
                    for (Endpoint endpoint : route.endpoints()) {
                        if (!endpoint.uri().matches("[a-z][a-z0-9-]*")) {
                            faults.add(endpoint.uri() + " holds more than its component's name");
                        }
                    }
                    for (Route.Scalar scalar : route.scalars()) {
                        if (EXPRESSIONS.contains(scalar.key())) {
                            faults.add(scalar.key() + " without 'expression': " + scalar.value());
                        }
                    }
                    return faults;
                }))
                .isEmpty();
    }

    @Test
    void hasAtMostTenSteps() {
        assertThat(faults(routes, route -> {
                    int steps = route.yaml().path("from").path("steps").size();
                    return steps <= 10 ? List.of() : List.of("has " + steps);
                }))
                .isEmpty();
    }

    @Test
    void usesNoScript() {
        assertThat(faults(
                        all,
                        route -> keys(route.yaml()).filter(SCRIPTS::contains).toList()))
                .isEmpty();
    }

    @Test
    void logsNothingOfTheMessage() {
        assertThat(faults(
                        all,
                        route -> Stream.concat(
                                        route.steps().stream()
                                                .filter(step -> step.kind().equals("log"))
                                                .filter(step -> IN_LOG.matcher(step.yaml()
                                                                .path("message")
                                                                .asText())
                                                        .replaceAll("")
                                                        .contains("${"))
                                                .map(step -> step.yaml()
                                                        .path("message")
                                                        .asText()),
                                        // The component shows the body unless it is told not to.
                                        route.endpoints().stream()
                                                .map(Endpoint::uri)
                                                .filter("log"::equals))
                                .toList()))
                .isEmpty();
    }

    @Test
    void namesNoHostAndNoCredential() {
        assertThat(faults(all, route -> {
                    List<String> faults = new ArrayList<>();
                    for (Route.Scalar scalar : route.scalars()) {
                        if (HOST.matcher(scalar.value()).find()) {
                            faults.add(scalar.value());
                        }
                        if (CREDENTIAL.matcher(scalar.key()).matches() && !isReference(scalar.value())) {
                            faults.add(scalar.key());
                        }
                    }
                    named(route.yaml())
                            .filter(node -> CREDENTIAL
                                    .matcher(node.path("name").asText())
                                    .matches())
                            .filter(node -> node.path("constant").has("expression"))
                            .filter(node -> !isReference(
                                    node.path("constant").path("expression").asText()))
                            .forEach(node -> faults.add(node.path("name").asText()));
                    return faults;
                }))
                .isEmpty();
    }

    /** Headers travel further than the route that sets them; a simulator's are the answer to its caller. */
    @Test
    void keepsItsStateInVariables() {
        assertThat(faults(
                        routes,
                        route -> route.steps().stream()
                                .map(Step::kind)
                                .filter(kind -> kind.equals("setHeader") || kind.equals("setHeaders"))
                                .filter(kind -> !route.isSimulator())
                                .toList()))
                .isEmpty();
    }

    /** A register is asked for one learner who consented, never by a clock of the route's own. */
    @Test
    void asksRegistersOnlyWhenTheHubIsAsked() {
        assertThat(faults(
                        routes,
                        route -> route.area().equals("registers")
                                        && !route.isSimulator()
                                        && !route.endpoints().get(0).uri().equals("direct")
                                ? List.of(route.endpoints().get(0).uri())
                                : List.of()))
                .isEmpty();
    }

    @Test
    void answersOperationsByRoutesOfTheirNames() {
        assertThat(answeredBy(false)).containsExactlyInAnyOrderElementsOf(operations("openapi.yaml"));
        assertThat(answeredBy(true)).containsExactlyInAnyOrderElementsOf(operations("demo-openapi.yaml"));
        assertThat(faults(
                        routes.stream()
                                .filter(route -> route.area().equals("api"))
                                .toList(),
                        route -> {
                            String operation = route.endpoints()
                                    .get(0)
                                    .parameters()
                                    .path("name")
                                    .asText();
                            String name = operation.replaceAll("([A-Z])", "-$1").toLowerCase();
                            return route.name().replaceFirst("^simulator-", "").equals(name)
                                    ? List.of()
                                    : List.of("answers " + operation);
                        }))
                .isEmpty();
    }

    private List<String> answeredBy(boolean simulator) {
        return routes.stream()
                .filter(route -> route.area().equals("api") && route.isSimulator() == simulator)
                .map(route -> route.endpoints().get(0).parameters().path("name").asText())
                .toList();
    }

    private static List<String> operations(String contract) {
        return Repository.yaml(Repository.ROOT.resolve("routes/api/" + contract))
                .path("paths")
                .findValuesAsText("operationId");
    }

    private static boolean isReference(String value) {
        return value.matches("\\{\\{[^{}]+}}|\\$\\{variable\\.\\w+}|#\\w+");
    }

    private static List<String> names(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static Stream<String> keys(JsonNode node) {
        Stream<JsonNode> below =
                node.isArray() ? elements(node) : node.properties().stream().map(Map.Entry::getValue);
        return Stream.concat(names(node).stream(), below.flatMap(RouteFormTests::keys));
    }

    /** Every node with a name of its own, such as a variable that is set. */
    private static Stream<JsonNode> named(JsonNode node) {
        Stream<JsonNode> below =
                node.isArray() ? elements(node) : node.properties().stream().map(Map.Entry::getValue);
        return Stream.concat(Stream.of(node).filter(each -> each.has("name")), below.flatMap(RouteFormTests::named));
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        return elements.stream();
    }

    private static List<String> faults(List<Route> routes, Function<Route, List<String>> rule) {
        return routes.stream()
                .flatMap(route -> rule.apply(route).stream().map(fault -> route.file() + ": " + fault))
                .toList();
    }
}
