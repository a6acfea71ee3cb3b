package org.emrexhub.catalog;

import java.util.Map;
import java.util.Optional;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XPathCompiler;

/** Compiles the XPath expressions of a descriptor, to see at the start whether they are sound. */
final class Xpath {

    private final Processor processor = new Processor(false);

    /** What is wrong with an expression, if anything is. */
    Optional<String> fault(String expression, Map<String, String> namespaces) {
        XPathCompiler compiler = processor.newXPathCompiler();
        namespaces.forEach(compiler::declareNamespace);
        try {
            compiler.compile(expression);
            return Optional.empty();
        } catch (SaxonApiException broken) {
            String message = broken.getMessage() == null ? "" : broken.getMessage();
            return Optional.of(message.strip().replaceAll("\\s+", " ").replaceAll("\\.$", ""));
        }
    }
}
