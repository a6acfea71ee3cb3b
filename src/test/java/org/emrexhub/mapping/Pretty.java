package org.emrexhub.mapping;

import java.io.ByteArrayOutputStream;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.Serializer;

/** Indents golden files, so that a reviewer sees what changed. */
final class Pretty {

    private Pretty() {}

    static byte[] xml(byte[] document) {
        try {
            Processor processor = new Processor(false);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Serializer serializer = processor.newSerializer(out);
            serializer.setOutputProperty(Serializer.Property.INDENT, "yes");
            serializer.setOutputProperty(Serializer.Property.ENCODING, "UTF-8");
            serializer.serializeNode(processor
                    .newDocumentBuilder()
                    .build(new javax.xml.transform.stream.StreamSource(new java.io.ByteArrayInputStream(document))));
            out.write('\n');
            return out.toByteArray();
        } catch (SaxonApiException e) {
            throw new IllegalStateException(e);
        }
    }
}
