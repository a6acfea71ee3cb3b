package org.emrexhub.signature;

import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.util.List;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.component.xmlsecurity.api.XmlSignatureInvalidContentHashException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The routes {@code hub-sign} and {@code hub-verify} as they stand in {@code routes/hub}, with keys of a test. */
final class SigningRoutes implements AutoCloseable {

    private final DefaultCamelContext camel = new DefaultCamelContext();

    /** Signs with a key, verifies with its certificate. */
    SigningRoutes(SigningKey key, Clock clock) {
        this(key, clock, key.certificate().getPublicKey());
    }

    /** Signs with a key, verifies with another. */
    SigningRoutes(SigningKey key, Clock clock, PublicKey trusted) {
        camel.getRegistry().bind("signingKeys", new SigningKeys(key, clock));
        camel.getRegistry().bind("strictSignatures", new StrictSignatures());
        camel.getRegistry().bind("hubKeySelector", new PinnedKeys(List.of(trusted)));
        camel.getRegistry().bind("xmlsecurity-sign", new ElmoSigner());
        camel.getRegistry().bind("xmlsecurity-verify", new ElmoVerifier());
        try {
            camel.addRoutes(new RouteConfigurationBuilder() {
                @Override
                public void configuration() {
                    routeConfiguration("failure-policy");
                }
            });
            for (String file : List.of("6-sign", "6-verify")) {
                PluginHelper.getRoutesLoader(camel)
                        .loadRoutes(ResourceHelper.resolveMandatoryResource(
                                camel, "file:" + Path.of("routes/hub", file + ".camel.yaml")));
            }
            camel.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] sign(byte[] document) throws Throwable {
        return call("direct:hub-sign", document);
    }

    byte[] verify(byte[] document) throws Throwable {
        return call("direct:hub-verify", document);
    }

    /** Whether the verify route finds the document as it was signed. */
    boolean accepts(byte[] document) throws Throwable {
        try {
            verify(document);
            return true;
        } catch (XmlSignatureInvalidContentHashException changed) {
            return false;
        }
    }

    private byte[] call(String uri, byte[] document) throws Throwable {
        try (var template = camel.createProducerTemplate()) {
            return template.requestBody(uri, document, byte[].class);
        } catch (CamelExecutionException wrapped) {
            throw wrapped.getCause();
        }
    }

    @Override
    public void close() {
        camel.stop();
    }
}
