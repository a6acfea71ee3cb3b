package org.emrexhub.signature;

import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.component.xmlsecurity.XmlSecurityProducer;
import org.apache.camel.component.xmlsecurity.XmlVerifierComponent;
import org.apache.camel.component.xmlsecurity.XmlVerifierEndpoint;
import org.apache.camel.component.xmlsecurity.api.XmlSignatureException;
import org.apache.camel.component.xmlsecurity.processor.XmlVerifierConfiguration;
import org.apache.camel.component.xmlsecurity.processor.XmlVerifierProcessor;
import org.apache.camel.spi.annotations.Component;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * {@code xmlsecurity-verify:} that looks at a document's own signature and leaves the message as it was.
 *
 * <p>Camel's verifier demands that every signature anywhere be made with the given key, although a diploma supplement
 * may hold one of its own, and it replaces the verified bytes by others. Both would be wrong for ELMO.
 */
@Component("xmlsecurity-verify")
final class ElmoVerifier extends XmlVerifierComponent {

    ElmoVerifier() {
        XmlVerifierConfiguration profile = new XmlVerifierConfiguration();
        profile.setXmlSignature2Message((signed, message) -> {
            // The signed bytes stay the body: they are the truth.
        });
        setVerifierConfiguration(profile);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        XmlVerifierEndpoint endpoint =
                new OwnSignatureEndpoint(uri, this, getVerifierConfiguration().copy());
        endpoint.setName(remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private static final class OwnSignatureEndpoint extends XmlVerifierEndpoint {

        OwnSignatureEndpoint(String uri, XmlVerifierComponent component, XmlVerifierConfiguration configuration) {
            super(uri, component, configuration);
        }

        @Override
        public Producer createProducer() {
            return new XmlSecurityProducer(this, new OwnSignatureProcessor(getCamelContext(), getConfiguration()));
        }
    }

    private static final class OwnSignatureProcessor extends XmlVerifierProcessor {

        OwnSignatureProcessor(CamelContext context, XmlVerifierConfiguration configuration) {
            super(context, configuration);
        }

        @Override
        protected void verify(InputStream body, Message message) throws Exception {
            try {
                super.verify(body, message);
            } catch (XmlSignatureException refused) {
                throw refused;
            } catch (Exception broken) {
                // What the libraries throw over a broken document is not one of theirs alone, and may quote it.
                throw new SignatureRefused(SignatureRefused.Reason.UNREADABLE);
            }
        }

        @Override
        protected Document parseInput(InputStream body, Message message) throws Exception {
            Document document = Signatures.parse(body);
            // The base class offers no other place to say which signatures count.
            return (Document) Proxy.newProxyInstance(
                    ElmoVerifier.class.getClassLoader(),
                    new Class<?>[] {Document.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("getElementsByTagNameNS")) {
                            return new Nodes(Signatures.ofRoot(document.getDocumentElement()));
                        }
                        try {
                            return method.invoke(document, arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getTargetException();
                        }
                    });
        }
    }

    private record Nodes(List<Element> elements) implements NodeList {

        @Override
        public @Nullable Node item(int index) {
            return index < elements.size() ? elements.get(index) : null;
        }

        @Override
        public int getLength() {
            return elements.size();
        }
    }
}
