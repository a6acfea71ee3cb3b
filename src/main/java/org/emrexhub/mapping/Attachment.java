package org.emrexhub.mapping;

import java.util.Base64;
import java.util.Map;

/** Puts the transcript into an assembled document, as the first attachment of its root. */
public final class Attachment {

    private final Stylesheets stylesheets;

    /** Attachments by the stylesheets of this home. */
    public Attachment(Stylesheets stylesheets) {
        this.stylesheets = stylesheets;
    }

    /** The document with the PDF inside. */
    public byte[] attach(byte[] elmo, byte[] pdf) {
        return stylesheets.transform(
                stylesheets.home().resolve("mappings/elmo/attach.xsl"),
                elmo,
                Map.of("pdf", Base64.getEncoder().encodeToString(pdf)));
    }
}
