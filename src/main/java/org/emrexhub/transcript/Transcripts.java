package org.emrexhub.transcript;

import java.io.ByteArrayInputStream;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.util.StreamReaderDelegate;
import org.emrexhub.elmo.xml.Elmo;
import org.jspecify.annotations.Nullable;

/** Makes the human-readable transcript of an ELMO document, in plain English. */
public final class Transcripts {

    private final XMLInputFactory parsers = hardened();
    private final String styles = TranscriptPdf.styles();
    private final TranscriptPdf pdf = new TranscriptPdf();

    /**
     * Opens a document for reading into classes. JAXB's own parser would take a DOCTYPE and drop what its entities
     * stand for without a word.
     */
    public XMLStreamReader open(byte[] document) throws XMLStreamException {
        return new StreamReaderDelegate(parsers.createXMLStreamReader(new ByteArrayInputStream(document))) {
            @Override
            public int next() throws XMLStreamException {
                int event = super.next();
                if (event == DTD || event == ENTITY_REFERENCE) {
                    throw new XMLStreamException("A document with a DOCTYPE is not read.");
                }
                return event;
            }
        };
    }

    /**
     * The transcript as a PDF.
     *
     * @param registerTitles how people call the registers that may be missing, by id
     */
    public byte[] print(Elmo document, @Nullable Map<String, String> registerTitles) {
        Transcript transcript = new ElmoReading(registerTitles == null ? Map.of() : registerTitles).read(document);
        return pdf.print(TranscriptPage.of(transcript, styles), transcript.generatedAt());
    }

    private static XMLInputFactory hardened() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }
}
