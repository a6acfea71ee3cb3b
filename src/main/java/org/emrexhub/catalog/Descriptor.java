package org.emrexhub.catalog;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code register.yaml} and {@code sis.yaml} have in common.
 *
 * @param kind register or student information system
 * @param id the folder's name
 * @param folder of its routes
 * @param file the descriptor
 * @param title for people
 * @param required names of the properties that must have a value
 * @param properties what can be configured, by name
 * @param yaml the rest of the descriptor
 */
record Descriptor(
        Kind kind,
        String id,
        Path folder,
        Path file,
        String title,
        Set<String> required,
        Map<String, Property> properties,
        YamlObject yaml) {

    /** The two sides of the hub; each has a folder of routes, a folder of mappings and a branch of settings. */
    enum Kind {
        REGISTER("registers", "register", "register.yaml", "to-elmo.xsl"),
        SIS("sis", "sis", "sis.yaml", "from-elmo.xsl");

        /** Name of the folder below {@code routes} and {@code mappings}, and of the settings below {@code emrexhub}. */
        final String area;

        /** How route ids of this kind begin. */
        final String routePrefix;

        final String fileName;
        final String stylesheet;

        Kind(String area, String routePrefix, String fileName, String stylesheet) {
            this.area = area;
            this.routePrefix = routePrefix;
            this.fileName = fileName;
            this.stylesheet = stylesheet;
        }
    }

    private static final String KEBAB = "[a-z][a-z0-9]*(-[a-z0-9]+)*";

    /** Reads what is common; the caller reads the rest and then refuses unknown keys. */
    static Optional<Descriptor> read(Kind kind, Path folder, Faults faults) {
        String id = String.valueOf(folder.getFileName());
        if (!id.matches(KEBAB)) {
            faults.add(Fault.in(folder, "the folder's name must be lower kebab case, such as fi-virta."));
        }
        Path file = folder.resolve(kind.fileName);
        if (!Files.isRegularFile(file)) {
            faults.add(Fault.in(folder, "has no " + kind.fileName + "."));
            return Optional.empty();
        }
        return YamlFile.read(file, faults)
                .flatMap(yaml -> YamlObject.root(yaml, faults))
                .map(yaml -> read(kind, id, folder, yaml, faults));
    }

    private static Descriptor read(Kind kind, String id, Path folder, YamlObject yaml, Faults faults) {
        Path file = folder.resolve(kind.fileName);
        Map<String, Property> properties = new LinkedHashMap<>();
        yaml.object("properties")
                .ifPresent(declared -> declared.keys().forEach(name -> {
                    if (!name.matches(KEBAB)) {
                        declared.fault(name, "must be lower kebab case, such as row-limit.");
                    }
                    declared.object(name)
                            .ifPresent(property ->
                                    properties.put(name, Property.read(name, declared.line(name), property)));
                }));
        Set<String> required = new LinkedHashSet<>();
        for (YamlObject.Member member : yaml.texts("required")) {
            if (properties.containsKey(member.text())) {
                required.add(member.text());
            } else {
                faults.add(
                        file,
                        member.line(),
                        "'required' names '" + member.text() + "', which 'properties' does not declare.");
            }
        }
        properties.values().stream()
                .filter(property -> property.format() == Property.Format.KEYSTORE)
                .map(property -> property.name() + Property.KEYSTORE_PASSWORD)
                .filter(password -> !properties.containsKey(password))
                .forEach(password -> yaml.fault("properties", "must declare '" + password + "' for the keystore."));
        String title = yaml.requiredText("title").orElse(id);
        yaml.requiredText("description");
        return new Descriptor(kind, id, folder, file, title, required, properties, yaml);
    }

    /** The whole key of a property. */
    String key(String property) {
        return "emrexhub." + kind.area + "." + id + "." + property;
    }

    /** Names of the properties that are passwords. */
    Set<String> secrets() {
        return properties.values().stream()
                .filter(Property::isSecret)
                .map(Property::name)
                .collect(Collectors.toUnmodifiableSet());
    }
}
