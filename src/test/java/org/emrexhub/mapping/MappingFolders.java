package org.emrexhub.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** What the tests need of a register's descriptor, read without the catalogue so that a mapping can be tested alone. */
record MappingFolders(String id, MappingFolder mapping, Map<String, String> parameters) {

    static final Path HOME = Path.of("").toAbsolutePath();
    static final String TODAY = "2026-01-15";

    private static final YAMLMapper YAML = new YAMLMapper();

    static MappingFolders register(String id) {
        Path descriptor = HOME.resolve("routes/registers/" + id + "/register.yaml");
        JsonNode yaml = read(descriptor);
        Map<String, String> namespaces = new HashMap<>();
        yaml.path("namespaces")
                .properties()
                .forEach(e -> namespaces.put(e.getKey(), e.getValue().asText()));
        Map<String, String> parameters = new HashMap<>(settings(descriptor));
        parameters.put("register", id);
        parameters.put("identifierType", "nationalIdentifier");
        parameters.put("identifier", "");
        parameters.put("today", TODAY);
        return new MappingFolders(
                id,
                new MappingFolder(
                        HOME.resolve("mappings/registers/" + id),
                        MappingFolder.Format.valueOf(
                                yaml.path("format").asText("xml").toUpperCase(java.util.Locale.ROOT)),
                        yaml.path("records").asText(),
                        yaml.path("recordRef").asText(),
                        namespaces),
                parameters);
    }

    MappingResult map(Stylesheets stylesheets, String sample) {
        Path folder = mapping.folder().resolve("samples").resolve(sample);
        try {
            Path input = Files.exists(folder.resolve("input.json"))
                    ? folder.resolve("input.json")
                    : folder.resolve("input.xml");
            Map<String, String> all = new HashMap<>(parameters);
            Path own = folder.resolve("parameters.properties");
            if (Files.exists(own)) {
                Properties properties = new Properties();
                try (var in = Files.newBufferedReader(own)) {
                    properties.load(in);
                }
                properties.stringPropertyNames().forEach(name -> all.put(name, properties.getProperty(name)));
            }
            return new RegisterMapping(stylesheets).map(mapping, Files.readAllBytes(input), all);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The defaults of all declared properties that are no password. */
    static Map<String, String> settings(Path descriptor) {
        Map<String, String> settings = new HashMap<>();
        if (Files.exists(descriptor)) {
            read(descriptor).path("properties").properties().forEach(property -> {
                JsonNode declared = property.getValue();
                JsonNode value = declared.has("default") ? declared.get("default") : declared.path("demo");
                if (!declared.path("format").asText().equals("password") && !value.isMissingNode()) {
                    settings.put(property.getKey(), value.asText());
                }
            });
        }
        return settings;
    }

    private static JsonNode read(Path descriptor) {
        try {
            return YAML.readTree(descriptor.toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
