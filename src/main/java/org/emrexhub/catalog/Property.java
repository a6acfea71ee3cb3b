package org.emrexhub.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.convert.DurationStyle;

/**
 * A setting that a descriptor declares.
 *
 * @param name lower kebab
 * @param line where it is declared
 * @param type of its value
 * @param title what it is, for people
 * @param format what kind of text it is
 * @param standard the value where none is configured
 * @param demo the value in profile demo where none is configured
 * @param example a value as it may look
 * @param allowed the only values it takes; empty: any
 */
record Property(
        String name,
        int line,
        Type type,
        String title,
        Format format,
        Optional<String> standard,
        Optional<String> demo,
        Optional<String> example,
        List<String> allowed) {

    /** What a value must look like. */
    enum Type {
        STRING("a text"),
        INTEGER("a whole number"),
        BOOLEAN("true or false"),
        DURATION("a duration with a unit, such as 20s");

        private final String form;

        Type(String form) {
            this.form = form;
        }

        static final Map<String, Type> BY_NAME =
                Map.of("string", STRING, "integer", INTEGER, "boolean", BOOLEAN, "duration", DURATION);
    }

    /** What kind of text a value is. */
    enum Format {
        PLAIN,
        /** Shown nowhere, handed to no mapping. */
        PASSWORD,
        URI,
        PATH,
        /** A PKCS#12 file with the client certificate that the hub shows; its password is the property behind it. */
        KEYSTORE
    }

    /** Behind the name of a keystore's property: that of its password. */
    static final String KEYSTORE_PASSWORD = "-password";

    /** Behind the name of a keystore's property: that of the authorities whose servers are trusted, if it is declared. */
    static final String KEYSTORE_TRUST = "-trust";

    private static final Map<String, Format> FORMATS = formats();

    private static Map<String, Format> formats() {
        Map<String, Format> formats = new LinkedHashMap<>();
        formats.put("password", Format.PASSWORD);
        formats.put("uri", Format.URI);
        formats.put("path", Format.PATH);
        formats.put("keystore", Format.KEYSTORE);
        return formats;
    }

    boolean isSecret() {
        return format == Format.PASSWORD;
    }

    /** Reads {@code properties.<name>}. */
    static Property read(String name, int line, YamlObject yaml) {
        Property property = new Property(
                name,
                line,
                yaml.requiredChoice("type", Type.BY_NAME).orElse(Type.STRING),
                yaml.requiredText("title").orElse(name),
                yaml.choice("format", FORMATS).orElse(Format.PLAIN),
                yaml.anyText("default"),
                yaml.anyText("demo"),
                yaml.text("example"),
                yaml.texts("enum").stream().map(YamlObject.Member::text).toList());
        yaml.text("description");
        yaml.refuseOtherKeys();
        property.standard
                .filter(value -> !value.isEmpty())
                .flatMap(property::misfit)
                .ifPresent(form -> yaml.fault("default", "must be " + form + "."));
        return property;
    }

    /** What a value must be, if it isn't. */
    Optional<String> misfit(String value) {
        boolean fits = switch (type) {
            case STRING -> true;
            case INTEGER -> value.matches("-?\\d{1,18}");
            case BOOLEAN -> value.equals("true") || value.equals("false");
            case DURATION -> isDuration(value);
        };
        if (!fits) {
            return Optional.of(type.form);
        }
        return allowed.isEmpty() || allowed.contains(value)
                ? Optional.empty()
                : Optional.of("one of " + String.join(", ", allowed));
    }

    private static boolean isDuration(String value) {
        try {
            DurationStyle.detectAndParse(value);
            return !value.matches("\\d+");
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }
}
