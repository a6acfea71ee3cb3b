package org.emrexhub.repository;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A setting that a record or class of the class path takes, as its compiler's processor wrote it down.
 *
 * @param name the whole key; for a map the key of the whole map
 * @param type of its value
 * @param description from the Javadoc; empty if there is none
 * @param standard the value where none is configured; empty if there is none
 */
record SettingsMetadata(String name, String type, String description, String standard) {

    private static final String FILE = "META-INF/spring-configuration-metadata.json";

    /** Every setting that is known to the hub or a library of it. */
    static List<SettingsMetadata> all() {
        List<SettingsMetadata> all = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        try {
            for (URL file :
                    Collections.list(SettingsMetadata.class.getClassLoader().getResources(FILE))) {
                try (InputStream in = file.openStream()) {
                    for (JsonNode property : json.readTree(in).path("properties")) {
                        all.add(new SettingsMetadata(
                                property.path("name").asText(),
                                property.path("type").asText(),
                                property.path("description").asText(),
                                property.path("defaultValue").asText()));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** The hub's own settings, without those that descriptors declare. */
    static List<SettingsMetadata> hub() {
        return all().stream().filter(each -> each.name.startsWith("emrexhub.")).toList();
    }

    boolean isOrHolds(String key) {
        return name.equals(key) || (type.startsWith("java.util.Map") && key.startsWith(name + "."));
    }
}
