package org.emrexhub.mapping;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.transform.Source;
import javax.xml.transform.sax.SAXSource;
import net.sf.saxon.Configuration;
import net.sf.saxon.lib.Feature;
import net.sf.saxon.lib.ResourceRequest;
import net.sf.saxon.lib.ResourceResolver;
import net.sf.saxon.lib.UnparsedTextURIResolver;
import net.sf.saxon.om.TreeInfo;
import net.sf.saxon.trans.XPathException;
import org.emrexhub.elmo.XmlFactories;
import org.jspecify.annotations.Nullable;
import org.xml.sax.InputSource;

/**
 * What a stylesheet may read: files below {@code mappings/} and {@code routes/} of the home, without DOCTYPE. Nothing
 * from the network, no environment, no other process, no second output file.
 */
final class Confinement implements ResourceResolver, UnparsedTextURIResolver {

    private static final String REFUSED = "hub-refused";

    private final List<Path> folders;
    private final Configuration configuration = new Configuration();
    private final PerFile<TreeInfo> trees;

    Confinement(Path home, boolean keepsLast) {
        this.trees = new PerFile<>(keepsLast);
        this.folders = List.of(real(home.resolve("mappings")), real(home.resolve("routes")));
        // What parse-xml() reads came from outside, too.
        configuration.setParseOptions(
                configuration.getParseOptions().withXMLReaderMaker(() -> new AnswerLimits(XmlFactories.reader())));
        configuration.setResourceResolver(this);
        configuration.setUnparsedTextURIResolver(this);
        configuration.setCollectionFinder((context, uri) -> {
            throw new XPathException("Collections are not available to stylesheets", REFUSED);
        });
        configuration.setConfigurationProperty(Feature.ALLOW_EXTERNAL_FUNCTIONS, false);
        configuration.setConfigurationProperty(Feature.ENVIRONMENT_VARIABLE_RESOLVER, new NoEnvironment());
        // Reporters write to stderr by default, with values of the document.
        configuration.setErrorReporterFactory(c -> error -> {});
    }

    Configuration configuration() {
        return configuration;
    }

    /** Reads a document that stylesheets will ask for. */
    void read(Path file) throws IOException {
        trees.get(file.toRealPath(), this::tree);
    }

    @Override
    public Source resolve(ResourceRequest request) throws XPathException {
        Path file = allowed(request.uri);
        try {
            return ResourceRequest.XML_NATURE.equals(request.nature)
                    ? trees.get(file, this::tree).getRootNode()
                    : source(file);
        } catch (IOException e) {
            throw new XPathException("The file can't be read", "FODC0002");
        }
    }

    @Override
    public Reader resolve(URI uri, @Nullable String encoding, Configuration configuration) throws XPathException {
        try {
            return new InputStreamReader(Files.newInputStream(allowed(uri.toString())), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new XPathException("The file can't be read", "FOUT1170");
        }
    }

    private TreeInfo tree(Path file) throws IOException {
        try {
            return configuration.buildDocumentTree(source(file));
        } catch (XPathException e) {
            throw new IOException("not well-formed XML without DOCTYPE" + Stylesheets.parsePosition(e), e);
        }
    }

    private static Source source(Path file) throws IOException {
        InputSource bytes = new InputSource(new ByteArrayInputStream(Files.readAllBytes(file)));
        bytes.setSystemId(file.toUri().toString());
        return new SAXSource(XmlFactories.reader(), bytes);
    }

    private Path allowed(@Nullable String uri) throws XPathException {
        try {
            if (uri != null) {
                Path file = Path.of(URI.create(uri)).toRealPath();
                if (folders.stream().anyMatch(file::startsWith)) {
                    return file;
                }
            }
        } catch (IllegalArgumentException | FileSystemNotFoundException | SecurityException e) {
            // Not a file: refused like any other place.
            throw new XPathException("Only files of mappings and routes can be read", REFUSED);
        } catch (IOException e) {
            throw new XPathException("There is no such file", "FODC0002");
        }
        throw new XPathException("Only files of mappings and routes can be read", REFUSED);
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder.toAbsolutePath().normalize();
        }
    }

    private static final class NoEnvironment implements net.sf.saxon.lib.EnvironmentVariableResolver {

        @Override
        public java.util.Set<String> getAvailableEnvironmentVariables() {
            return java.util.Set.of();
        }

        @Override
        public @Nullable String getEnvironmentVariable(String name) {
            return null;
        }
    }
}
