package org.emrexhub.catalog;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.emrexhub.catalog.Register.SourceFormat;

/** Reads what only {@code register.yaml} has. */
final class RegisterFile {

    private static final Set<String> IDENTIFIER_TYPES =
            Set.of("nationalIdentifier", "nationalLearnerId", "esi", "studentNumber");
    private static final Map<String, SourceFormat> FORMATS = Map.of("xml", SourceFormat.XML, "json", SourceFormat.JSON);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

    private RegisterFile() {}

    /** The register; where something is wrong, a stand-in takes its place and the fault is added. */
    static Register read(Descriptor descriptor, Path mapping, DescriptorSettings settings, Xpath xpath) {
        YamlObject yaml = descriptor.yaml();
        Map<String, String> namespaces = yaml.textByKey("namespaces");
        Register register = new Register(
                descriptor.id(),
                descriptor.title(),
                identifiers(yaml),
                namespaces,
                yaml.choice("format", FORMATS).orElse(SourceFormat.XML),
                expression("records", yaml, namespaces, xpath),
                expression("recordRef", yaml, namespaces, xpath),
                settings.duration(
                        descriptor, "timeout", yaml.duration("timeout").orElse(DEFAULT_TIMEOUT)),
                yaml.bool("datasource").orElse(false),
                Map.copyOf(settings.of(descriptor)),
                descriptor.secrets(),
                descriptor.folder(),
                mapping);
        yaml.refuseOtherKeys();
        if (register.datasource() && !descriptor.properties().containsKey("url")) {
            yaml.fault("datasource", "needs the property 'url', which 'properties' does not declare.");
        }
        return register;
    }

    private static Map<String, Pattern> identifiers(YamlObject yaml) {
        Map<String, Pattern> patterns = new LinkedHashMap<>();
        if (!yaml.has("identifiers")) {
            yaml.fault("identifiers", "is missing: no learner could be asked for.");
        }
        yaml.object("identifiers").ifPresent(types -> {
            for (String type : types.keys()) {
                if (!IDENTIFIER_TYPES.contains(type)) {
                    types.fault(
                            type,
                            "is no type of identifier; there are "
                                    + IDENTIFIER_TYPES.stream().sorted().collect(Collectors.joining(", ")) + ".");
                }
                types.object(type).ifPresent(identifier -> {
                    identifier.requiredText("pattern").ifPresent(pattern -> {
                        try {
                            patterns.put(type, Pattern.compile(pattern));
                        } catch (PatternSyntaxException broken) {
                            identifier.fault(
                                    "pattern", "is not a regular expression: " + broken.getDescription() + ".");
                        }
                    });
                    identifier.text("title");
                    identifier.text("example");
                    identifier.refuseOtherKeys();
                });
            }
        });
        return patterns;
    }

    private static String expression(String key, YamlObject yaml, Map<String, String> namespaces, Xpath xpath) {
        String expression = yaml.requiredText(key).orElse("/");
        xpath.fault(expression, namespaces)
                .ifPresent(fault -> yaml.fault(key, "is not an XPath expression that can be used: " + fault + "."));
        return expression;
    }
}
