package org.emrexhub.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.core.env.StandardEnvironment;

/** The values of the properties that descriptors declare: configured, or else the descriptor's own for demo or default. */
final class DescriptorSettings {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");

    private final Environment environment;
    private final boolean demo;
    private final boolean samples;
    private final Faults faults;
    private final Map<String, Object> defaults = new LinkedHashMap<>();
    private final List<ClientCertificate> certificates = new ArrayList<>();

    DescriptorSettings(Environment environment, Faults faults) {
        this(environment, environment.acceptsProfiles(Profiles.of("demo")), false, faults);
    }

    private DescriptorSettings(Environment environment, boolean demo, boolean samples, Faults faults) {
        this.environment = environment;
        this.demo = demo;
        this.samples = samples;
        this.faults = faults;
    }

    /** What samples are mapped with: the descriptors' own values and no installation's; nothing is missing. */
    static DescriptorSettings ofSamples(Faults faults) {
        return new DescriptorSettings(new StandardEnvironment(), false, true, faults);
    }

    /** The settings of one descriptor that have a value; one that must have one and has none is a fault. */
    Map<String, String> of(Descriptor descriptor) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (Property property : descriptor.properties().values()) {
            String key = descriptor.key(property.name());
            String configured = samples ? null : environment.getProperty(key);
            if (configured == null) {
                configured = fromDescriptor(descriptor, property).orElse("");
                defaults.put(key, configured);
            }
            if (!configured.isBlank()) {
                settings.put(property.name(), configured);
                property.misfit(configured).ifPresent(form -> faults.add(Fault.of(key + " must be " + form + ".")));
            } else if (!samples && descriptor.required().contains(property.name())) {
                faults.add(Fault.of(missing(descriptor, property)));
            }
        }
        if (!samples) {
            readCertificates(descriptor, settings);
        }
        return settings;
    }

    /** Of a folder that is not in use: its routes are checked all the same, and what they name is empty. */
    void leaveOut(Descriptor descriptor) {
        descriptor.properties().keySet().forEach(name -> defaults.put(descriptor.key(name), ""));
    }

    private void readCertificates(Descriptor descriptor, Map<String, String> settings) {
        for (Property property : descriptor.properties().values()) {
            String file = settings.get(property.name());
            if (property.format() == Property.Format.KEYSTORE && file != null) {
                try {
                    certificates.add(ClientCertificateFile.read(
                            descriptor.key(property.name()),
                            file,
                            settings.getOrDefault(property.name() + Property.KEYSTORE_PASSWORD, ""),
                            Optional.ofNullable(settings.get(property.name() + Property.KEYSTORE_TRUST))));
                } catch (ClientCertificateFile.Unusable unusable) {
                    faults.add(
                            descriptor.file(),
                            property.line(),
                            "'properties." + property.name() + "': " + unusable.getMessage());
                }
            }
        }
    }

    /** The client certificates of all descriptors so far. */
    List<ClientCertificate> certificates() {
        return List.copyOf(certificates);
    }

    /** A duration of the descriptor, unless this installation configures another under the descriptor's key. */
    Duration duration(Descriptor descriptor, String name, Duration described) {
        String key = descriptor.key(name);
        String configured = samples ? null : environment.getProperty(key);
        if (configured == null || configured.isBlank()) {
            return described;
        }
        try {
            Duration duration = DurationStyle.detectAndParse(configured);
            if (!duration.isNegative() && !duration.isZero()) {
                return duration;
            }
        } catch (IllegalArgumentException notADuration) {
            // Told below, with the key.
        }
        faults.add(Fault.of(key + " must be a duration with a unit, such as 20s."));
        return described;
    }

    private static String missing(Descriptor descriptor, Property property) {
        return descriptor.key(property.name())
                + " is missing: " + property.title()
                + property.example().map(example -> ", such as " + example).orElse("")
                + " (declared in " + Fault.shown(descriptor.file()) + ":" + property.line() + ").";
    }

    private Optional<String> fromDescriptor(Descriptor descriptor, Property property) {
        if (samples) {
            return property.standard().or(property::demo);
        }
        Optional<String> own = demo && property.demo().isPresent() ? property.demo() : property.standard();
        return own.map(value -> resolve(descriptor, property, value));
    }

    private String resolve(Descriptor descriptor, Property property, String value) {
        Matcher matcher = PLACEHOLDER.matcher(value);
        StringBuilder resolved = new StringBuilder();
        while (matcher.find()) {
            String found = environment.getProperty(matcher.group(1).strip());
            if (found == null) {
                faults.add(
                        descriptor.file(),
                        property.line(),
                        "'properties." + property.name() + "' uses {{" + matcher.group(1)
                                + "}}, which is not configured.");
            }
            matcher.appendReplacement(resolved, Matcher.quoteReplacement(found == null ? "" : found));
        }
        return matcher.appendTail(resolved).toString();
    }

    /**
     * What no configuration says: the descriptors' own values by key. A property without any is empty, so that a route
     * may name it all the same.
     */
    Map<String, Object> defaults() {
        return defaults;
    }
}
