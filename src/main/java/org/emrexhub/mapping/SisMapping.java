package org.emrexhub.mapping;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes a student information system's payload out of one delivery, by its folder's {@code from-elmo.xsl}. */
public final class SisMapping {

    private static final String STYLESHEET = "from-elmo.xsl";

    private final Stylesheets stylesheets;

    /** Mappings that run on these stylesheets. */
    public SisMapping(Stylesheets stylesheets) {
        this.stylesheets = stylesheets;
    }

    /**
     * The payload for a {@code hub:delivery}, in the form that the stylesheet's {@code xsl:output} declares.
     *
     * @param parameters the settings that are no secret
     */
    public byte[] payload(Path folder, byte[] delivery, Map<String, String> parameters) {
        return stylesheets.transform(folder.resolve(STYLESHEET), delivery, parameters);
    }

    /** What a payload is written in, as {@code xsl:output} declares it. */
    public enum Form {
        JSON("json"),
        XML("xml"),
        TEXT("txt");

        private final String suffix;

        Form(String suffix) {
            this.suffix = suffix;
        }

        /** How a file of this form is called. */
        public String suffix() {
            return suffix;
        }
    }

    /** The form of a folder's payloads. */
    public Form form(Path folder) {
        String method = stylesheets
                .compile(folder.resolve(STYLESHEET))
                .executable()
                .getUnderlyingCompiledStylesheet()
                .getPrimarySerializationProperties()
                .getProperty("method");
        return "json".equals(method) ? Form.JSON : "text".equals(method) ? Form.TEXT : Form.XML;
    }

    /** The content hash of the mapping folder and of {@code mappings/elmo}. */
    public String version(Path folder) {
        return stylesheets.compile(folder.resolve(STYLESHEET)).version();
    }

    /** All faults of a mapping folder that can be found without a delivery. */
    public List<StylesheetFault> check(Path folder) {
        List<StylesheetFault> faults = new ArrayList<>(stylesheets.check(folder.resolve(STYLESHEET)));
        Path tables = folder.resolve(CodeTables.FILE);
        if (java.nio.file.Files.exists(tables)) {
            faults.addAll(CodeTables.read(tables).faults());
        }
        return List.copyOf(faults);
    }
}
