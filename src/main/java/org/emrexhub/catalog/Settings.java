package org.emrexhub.catalog;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The configured values of a descriptor's properties. */
final class Settings {

    private Settings() {}

    /** The settings that are no secrets, ordered by name. */
    static Map<String, String> without(Set<String> secrets, Map<String, String> settings) {
        Map<String, String> open = new TreeMap<>(settings);
        open.keySet().removeAll(secrets);
        return Map.copyOf(open);
    }
}
