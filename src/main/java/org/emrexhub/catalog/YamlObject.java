package org.emrexhub.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.springframework.boot.convert.DurationStyle;

/** One mapping of a descriptor, read key by key; whatever is wrong becomes a fault with its line, and reading goes on. */
final class YamlObject {

    private static final Pattern DURATION = Pattern.compile("\\d+(ns|us|ms|s|m|h|d)|[Pp].+");

    private final YamlFile file;
    private final MappingNode node;
    private final String prefix;
    private final int line;
    private final Faults faults;
    private final Set<String> known = new HashSet<>();

    private YamlObject(YamlFile file, MappingNode node, String prefix, int line, Faults faults) {
        this.file = file;
        this.node = node;
        this.prefix = prefix;
        this.line = line;
        this.faults = faults;
    }

    /** The file's root; empty, with a fault, if it is not a mapping. */
    static Optional<YamlObject> root(YamlFile file, Faults faults) {
        if (file.root() instanceof MappingNode mapping) {
            return Optional.of(new YamlObject(file, mapping, "", 1, faults));
        }
        faults.add(file.path(), 1, "must be a mapping of keys to values.");
        return Optional.empty();
    }

    /** The line of a key; the line of the mapping itself if the key is absent. */
    int line(String key) {
        return YamlFile.tuple(node, key)
                .map(tuple -> YamlFile.line(tuple.getKeyNode()))
                .orElse(line);
    }

    void fault(String key, String sentence) {
        faults.add(file.path(), line(key), "'" + prefix + key + "' " + sentence);
    }

    boolean has(String key) {
        return YamlFile.value(node, key).isPresent();
    }

    private Optional<Node> value(String key) {
        known.add(key);
        return YamlFile.value(node, key);
    }

    /** A text, as written, also if YAML would take it for a number. */
    Optional<String> text(String key) {
        return value(key).flatMap(value -> {
            if (value instanceof ScalarNode scalar
                    && !scalar.getTag().equals(Tag.NULL)
                    && !scalar.getValue().isBlank()) {
                return Optional.of(scalar.getValue());
            }
            fault(key, "must be a text.");
            return Optional.empty();
        });
    }

    /** A text, as written, that may be empty. */
    Optional<String> textOrEmpty(String key) {
        return value(key).flatMap(value -> {
            if (value instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
                return Optional.of(scalar.getValue());
            }
            fault(key, "must be a text.");
            return Optional.empty();
        });
    }

    /** A text that must be there; empty, with a fault, if it is not. */
    Optional<String> requiredText(String key) {
        require(key);
        return text(key);
    }

    private void require(String key) {
        if (!has(key)) {
            fault(key, "is missing.");
        }
    }

    Optional<Boolean> bool(String key) {
        return value(key).flatMap(value -> {
            if (value instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
                return Optional.of(Boolean.valueOf(scalar.getValue()));
            }
            fault(key, "must be true or false.");
            return Optional.empty();
        });
    }

    /** A number from 1. */
    Optional<Integer> count(String key) {
        return value(key).flatMap(value -> {
            String text = YamlFile.text(value);
            if (text.matches("[1-9]\\d{0,8}")) {
                return Optional.of(Integer.valueOf(text));
            }
            fault(key, "must be a whole number from 1.");
            return Optional.empty();
        });
    }

    /** A duration longer than nothing; the unit must be written, since a bare number says nothing to a reader. */
    Optional<Duration> duration(String key) {
        return value(key).flatMap(value -> {
            String text = YamlFile.text(value);
            try {
                if (DURATION.matcher(text).matches()) {
                    Duration duration = DurationStyle.detectAndParse(text);
                    if (duration.compareTo(Duration.ZERO) > 0) {
                        return Optional.of(duration);
                    }
                }
            } catch (IllegalArgumentException unreadable) {
                // The fault below says what a duration looks like.
            }
            fault(key, "must be a duration with a unit, such as 20s, 5m or 72h.");
            return Optional.empty();
        });
    }

    /** One of an enum's constants, written as lower or upper case, kebab or camel case, whatever the wire form is. */
    <E> Optional<E> choice(String key, Map<String, E> choices) {
        return value(key).flatMap(value -> {
            E choice = choices.get(YamlFile.text(value));
            if (choice == null) {
                fault(key, "must be one of " + String.join(", ", choices.keySet()) + ".");
            }
            return Optional.ofNullable(choice);
        });
    }

    <E> Optional<E> requiredChoice(String key, Map<String, E> choices) {
        require(key);
        return choice(key, choices);
    }

    /** A list of choices; members that are none become faults. */
    <E> List<E> choices(String key, Map<String, E> choices) {
        List<E> chosen = new ArrayList<>();
        for (Member member : texts(key)) {
            E choice = choices.get(member.text());
            if (choice == null) {
                faults.add(
                        file.path(),
                        member.line(),
                        "'" + prefix + key + "' takes only " + String.join(", ", choices.keySet()) + ".");
            } else {
                chosen.add(choice);
            }
        }
        return chosen;
    }

    /** A member of a list with its line. */
    record Member(String text, int line) {}

    /** A list of texts; empty if absent. */
    List<Member> texts(String key) {
        Optional<Node> value = value(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!(value.get() instanceof SequenceNode)
                || !YamlFile.members(value.get()).stream().allMatch(member -> member instanceof ScalarNode)) {
            fault(key, "must be a list of texts.");
            return List.of();
        }
        return YamlFile.members(value.get()).stream()
                .map(member -> new Member(YamlFile.text(member), YamlFile.line(member)))
                .toList();
    }

    /** A mapping below a key; empty if absent. */
    Optional<YamlObject> object(String key) {
        return value(key).flatMap(value -> {
            if (value instanceof MappingNode mapping) {
                return Optional.of(new YamlObject(file, mapping, prefix + key + ".", line(key), faults));
            }
            fault(key, "must be a mapping of keys to values.");
            return Optional.empty();
        });
    }

    /** The keys of this mapping in the order of the file. */
    List<String> keys() {
        return node.getValue().stream()
                .map(NodeTuple::getKeyNode)
                .map(YamlFile::text)
                .toList();
    }

    /** A mapping whose values are texts, such as prefixes and namespaces. */
    Map<String, String> textByKey(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        object(key)
                .ifPresent(object ->
                        object.keys().forEach(name -> object.text(name).ifPresent(text -> texts.put(name, text))));
        return texts;
    }

    /** Every key that nobody asked for is a fault: a misspelt key would otherwise be ignored in silence. */
    void refuseOtherKeys() {
        for (String key : keys()) {
            if (!known.contains(key)) {
                fault(key, "is not a known key" + likeness(key) + ".");
            }
        }
    }

    private String likeness(String key) {
        String bare = key.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
        return known.stream()
                .filter(candidate -> candidate.toLowerCase(Locale.ROOT).equals(bare)
                        || (bare.length() > 3
                                && candidate.toLowerCase(Locale.ROOT).startsWith(bare.substring(0, bare.length() - 1))))
                .findFirst()
                .map(candidate -> ", perhaps '" + candidate + "'")
                .orElse("");
    }
}
