package org.emrexhub.signature;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.xml.validation.Schema;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.component.xmlsecurity.XmlSecurityProducer;
import org.apache.camel.component.xmlsecurity.XmlSignerComponent;
import org.apache.camel.component.xmlsecurity.XmlSignerEndpoint;
import org.apache.camel.component.xmlsecurity.api.XmlSignatureFormatException;
import org.apache.camel.component.xmlsecurity.api.XmlSignatureHelper;
import org.apache.camel.component.xmlsecurity.processor.XmlSignerConfiguration;
import org.apache.camel.component.xmlsecurity.processor.XmlSignerProcessor;
import org.apache.camel.spi.annotations.Component;
import org.apache.xml.security.c14n.Canonicalizer;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.ErrorHandler;

/**
 * {@code xmlsecurity-sign:} with the profile of ELMO: one enveloped signature as last child of the root, over the whole
 * document, by the hub's first algorithm of each kind.
 *
 * <p>The signed document is written in its canonical form. That is what the signature covers, so nothing can be lost on
 * the way; Camel's serialiser would declare the prefix {@code xml} on every element with a language.
 */
@Component("xmlsecurity-sign")
final class ElmoSigner extends XmlSignerComponent {

    private static final byte[] DECLARATION =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".getBytes(StandardCharsets.US_ASCII);

    ElmoSigner() {
        XmlSignerConfiguration profile = new XmlSignerConfiguration();
        profile.setParentXpath(XmlSignatureHelper.getXpathFilter("/*"));
        profile.setTransformMethods(List.of(XmlSignatureHelper.getEnvelopedTransform()));
        profile.setCanonicalizationMethod(
                XmlSignatureHelper.getCanonicalizationMethod(Algorithms.Canonicalizing.INCLUSIVE.uri()));
        profile.setSignatureAlgorithm(Algorithms.Signing.RSA_SHA256.uri());
        profile.setDigestAlgorithm(Algorithms.Digesting.SHA256.uri());
        // Camel would sign the certificate as a second reference, and number signature and key at random.
        profile.setAddKeyInfoReference(false);
        profile.setSignatureId("");
        setSignerConfiguration(profile);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        XmlSignerEndpoint endpoint =
                new CanonicalEndpoint(uri, this, getSignerConfiguration().copy());
        endpoint.setName(remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private static final class CanonicalEndpoint extends XmlSignerEndpoint {

        CanonicalEndpoint(String uri, XmlSignerComponent component, XmlSignerConfiguration configuration) {
            super(uri, component, configuration);
        }

        @Override
        public Producer createProducer() {
            return new XmlSecurityProducer(this, new CanonicalProcessor(getCamelContext(), getConfiguration()));
        }
    }

    private static final class CanonicalProcessor extends XmlSignerProcessor {

        CanonicalProcessor(CamelContext context, XmlSignerConfiguration configuration) {
            super(context, configuration);
        }

        /** Camel would look for a parser on the class path for every message. */
        @Override
        protected Document parseInput(
                InputStream body, Boolean disallowDoctype, @Nullable Schema schema, ErrorHandler errors)
                throws IOException, XmlSignatureFormatException {
            return Signatures.parse(body);
        }

        /** The root, which the profile's XPath names; to compile that for every message is waste. */
        @Override
        protected Element getParentForEnvelopedCase(Document document, Message message) {
            return document.getDocumentElement();
        }

        @Override
        public void process(Exchange exchange) throws Exception {
            Document signed = sign(exchange.getMessage());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(DECLARATION);
            Canonicalizer.getInstance(Canonicalizer.ALGO_ID_C14N_WITH_COMMENTS).canonicalizeSubtree(signed, bytes);
            exchange.getMessage().setBody(bytes.toByteArray());
        }
    }
}
