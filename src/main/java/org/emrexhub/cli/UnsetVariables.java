package org.emrexhub.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.emrexhub.catalog.Fault;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.util.PlaceholderResolutionException;

/** Settings that name a variable of the environment which is not set: they are missing, whatever they look like. */
final class UnsetVariables {

    private static final List<String> AREAS = List.of("emrexhub.", "spring.", "server.", "management.");

    private final Map<String, String> variables;

    private UnsetVariables(Map<String, String> variables) {
        this.variables = variables;
    }

    /** Finds them by asking for every setting once. */
    static UnsetVariables of(ConfigurableEnvironment environment) {
        Map<String, String> variables = new TreeMap<>();
        environment.getPropertySources().stream()
                .flatMap(source -> source instanceof EnumerablePropertySource<?> known
                        ? Stream.of(known.getPropertyNames())
                        : Stream.empty())
                .filter(key -> AREAS.stream().anyMatch(key::startsWith))
                .distinct()
                .forEach(key -> {
                    try {
                        environment.getProperty(key);
                    } catch (PlaceholderResolutionException unset) {
                        variables.put(key, unset.getPlaceholder());
                    }
                });
        return new UnsetVariables(variables);
    }

    /** The settings, each with no value at all: so they are missing for whoever asks next. */
    Map<String, Object> asMissing() {
        Map<String, Object> empty = new TreeMap<>();
        variables.keySet().forEach(key -> empty.put(key, ""));
        return empty;
    }

    /** Says of what is missing which variable it waits for, and adds what nobody else misses. */
    List<Fault> explain(List<Fault> faults) {
        Map<String, String> left = new TreeMap<>(variables);
        List<Fault> explained = new ArrayList<>();
        for (Fault fault : faults) {
            String sentence = fault.sentence();
            String key = sentence.replaceFirst(" is missing: .*", "");
            String variable = variables.get(key);
            if (variable == null || key.equals(sentence)) {
                explained.add(fault);
            } else {
                left.remove(key);
                explained.add(Fault.of(sentence + " It names the variable " + variable + ", which is not set."));
            }
        }
        left.forEach((key, variable) -> explained.add(
                Fault.of(key + " is missing: it names the variable " + variable + ", which is not set.")));
        return explained;
    }
}
