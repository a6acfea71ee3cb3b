package org.emrexhub.transcript;

import java.io.ByteArrayInputStream;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.util.StreamReaderDelegate;
import org.emrexhub.elmo.XmlFactories;
import org.emrexhub.elmo.xml.Elmo;
import org.jspecify.annotations.Nullable;

/** Makes the human-readable transcript of an ELMO document, in plain English. */
public final class Transcripts {

    private final String styles = TranscriptPdf.styles();
    private final TranscriptPdf pdf = new TranscriptPdf();

    /**
     * Opens a document for reading into classes. JAXB's own parser would take a DOCTYPE and drop what its entities
     * stand for without a word.
     */
    public XMLStreamReader open(byte[] document) throws XMLStreamException {
        return new StreamReaderDelegate(
                XmlFactories.streamReaders().createXMLStreamReader(new ByteArrayInputStream(document))) {
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
     * @param missing the registers that could not be asked, as people call them
     */
    public byte[] print(Elmo document, @Nullable List<String> missing) {
        Transcript transcript = ElmoReading.read(document, missing == null ? List.of() : missing);
        return pdf.print(TranscriptPage.of(transcript, styles), transcript.generatedAt());
    }
}
