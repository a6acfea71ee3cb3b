package org.emrexhub.mapping;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import javax.xml.transform.sax.SAXSource;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.Serializer;
import org.emrexhub.elmo.XmlFactories;
import org.xml.sax.InputSource;

/** A document with one element a line, for people: expected samples, and what the kit shows. */
public final class Pretty {

    private Pretty() {}

    /** The document, indented. */
    public static byte[] xml(byte[] document) {
        try {
            Processor processor = new Processor(false);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Serializer serializer = processor.newSerializer(out);
            serializer.setOutputProperty(Serializer.Property.INDENT, "yes");
            serializer.setOutputProperty(Serializer.Property.ENCODING, "UTF-8");
            serializer.serializeNode(processor
                    .newDocumentBuilder()
                    .build(new SAXSource(XmlFactories.reader(), new InputSource(new ByteArrayInputStream(document)))));
            out.write('\n');
            return out.toByteArray();
        } catch (SaxonApiException e) {
            throw new IllegalStateException("The document can't be written", e);
        }
    }
}
