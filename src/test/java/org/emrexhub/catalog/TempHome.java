package org.emrexhub.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A home in a temporary folder, sound until a test spoils a file. */
public final class TempHome {

    private final Path path;

    private TempHome(Path path) {
        this.path = path;
    }

    /** One register {@code xx-register} and one target {@code xx-sis}. */
    public static TempHome sound(Path folder) {
        return new TempHome(folder)
                .with("mappings/elmo/assemble.xsl", stylesheet("hub"))
                .with("routes/hub/failure-policy.camel.yaml", """
                        - routeConfiguration:
                            id: failure-policy
                            onException:
                              - onException:
                                  exception: [java.lang.Exception]
                        """)
                .with("routes/registers/xx-register/register.yaml", """
                        title: Register of Exampleland
                        description: Invented for tests.
                        required: [url, key]
                        properties:
                          url:
                            type: string
                            title: Address of the register
                            example: https://register.example.org
                            demo: "http://127.0.0.1:{{server.port}}/simulators/xx-register"
                          key: { type: string, title: Key of the hub, format: password, demo: geheim }
                          row-limit: { type: integer, title: Most rows, default: 5000 }
                          note: { type: string, title: A note, default: "" }
                        identifiers:
                          studentNumber: { pattern: '\\d{6}' }
                        namespaces: { x: urn:example:register }
                        records: //x:credit
                        recordRef: concat(x:issuer, '/', @id)
                        timeout: 15s
                        """)
                .with("routes/registers/xx-register/pull.camel.yaml", route("register-xx-register-pull", """
                        - setVariable:
                            id: keep-key
                            name: key
                            simple: "{{emrexhub.registers.xx-register.key}}{{emrexhub.registers.xx-register.note}}"
                        """))
                .with("mappings/registers/xx-register/to-elmo.xsl", stylesheet("register"))
                .with("mappings/registers/xx-register/code-tables.xml", "<code-tables/>")
                .with("routes/sis/xx-sis/sis.yaml", """
                        title: Students of Example University
                        description: Invented for tests.
                        required: [folder]
                        properties:
                          folder: { type: string, title: Folder of the files, default: "{{emrexhub.data}}/out" }
                        mode: EVIDENCE
                        requires: [targetId]
                        batch: { max: 7, allOrNothing: true }
                        onUnknown: verify
                        """)
                .with("routes/sis/xx-sis/push.camel.yaml", route("sis-xx-sis-push", """
                        - to:
                            id: ask-verify
                            uri: direct
                            parameters: { name: sis-xx-sis-verify }
                        """))
                .with("routes/sis/xx-sis/verify.camel.yaml", route("sis-xx-sis-verify", """
                        - stop: { id: end }
                        """));
    }

    /** A route file in the canonical form. */
    public static String route(String id, String steps) {
        return """
                - route:
                    id: %1$s
                    description: Does what its name says.
                    nodePrefixId: %1$s-
                    routeConfigurationId: failure-policy
                    from:
                      uri: direct
                      parameters: { name: %1$s }
                      steps:
                """.formatted(id) + steps.indent(8);
    }

    private static String stylesheet(String name) {
        return """
                <xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
                  <xsl:template match="/"><%s/></xsl:template>
                </xsl:stylesheet>
                """.formatted(name);
    }

    /** Writes a file, over an older one of its name. */
    public TempHome with(String file, String text) {
        try {
            Path target = path.resolve(file);
            Files.createDirectories(target.getParent());
            Files.writeString(target, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces a text of a file. */
    public TempHome spoilt(String file, String text, String by) {
        String before = text(file);
        if (!before.contains(text)) {
            throw new IllegalArgumentException(file + " does not contain " + text);
        }
        return with(file, before.replace(text, by));
    }

    /** The same system once more under another id: both halves of it, such as {@code registers/xx-register}. */
    public TempHome copied(String system, String as) {
        String id = system.substring(system.indexOf('/') + 1);
        String other = as.substring(as.indexOf('/') + 1);
        for (String half : List.of("routes/", "mappings/")) {
            try (Stream<Path> files = Files.list(path.resolve(half + system))) {
                files.forEach(file -> with(
                        half + as + "/" + file.getFileName(),
                        text(path.relativize(file).toString()).replace(id, other)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return this;
    }

    /** Deletes a file. */
    public TempHome without(String file) {
        try {
            Files.delete(path.resolve(file));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text(String file) {
        try {
            return Files.readString(path.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path path() {
        return path;
    }
}
