package org.emrexhub.mapping;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.xml.transform.sax.SAXSource;
import net.sf.saxon.s9api.BuildingContentHandler;
import net.sf.saxon.s9api.Destination;
import net.sf.saxon.s9api.DocumentBuilder;
import net.sf.saxon.s9api.ItemType;
import net.sf.saxon.s9api.Message;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.QName;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.Serializer;
import net.sf.saxon.s9api.XdmAtomicValue;
import net.sf.saxon.s9api.XdmDestination;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.Xslt30Transformer;
import net.sf.saxon.s9api.XsltCompiler;
import net.sf.saxon.s9api.XsltExecutable;
import org.emrexhub.elmo.XmlFactories;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * The stylesheets of a home: compiled once, compiled again when a file of their folder or of {@code mappings/elmo}
 * changes, and confined to the home while they run.
 *
 * <p>A stylesheet stops a transfer with a code by {@code <xsl:message terminate="yes" error-code="…">}; its text must be
 * free of payload. Any other fault is {@code mapping_failed} with place and error code only, because Saxon's own texts
 * may repeat values.
 */
public final class Stylesheets {

    private static final Logger log = LoggerFactory.getLogger(Stylesheets.class);
    private static final int DETAIL_LIMIT = 200;

    private final Path home;
    private final boolean keepsLast;
    private final Confinement confinement;
    private final Processor processor;
    private final Map<Path, Compiled> compiled = new ConcurrentHashMap<>();
    private final Map<Path, Object> compiling = new ConcurrentHashMap<>();
    private final PerFile<CodeTables> tables = new PerFile<>(false);

    /** The stylesheets below {@code mappings/} and {@code routes/} of this home. */
    public Stylesheets(Path home) {
        this(home, false);
    }

    /**
     * The stylesheets below {@code mappings/} and {@code routes/} of this home.
     *
     * @param keepsLast whether a file that was edited and is broken is told of in the log, and goes on as it was before;
     *     for who develops: in production a transfer must not be mapped by what is not there
     */
    public Stylesheets(Path home, boolean keepsLast) {
        this.home = home.toAbsolutePath().normalize();
        this.keepsLast = keepsLast;
        this.confinement = new Confinement(this.home, keepsLast);
        this.processor = new Processor(confinement.configuration());
    }

    /** Reads a stylesheet and its tables as they are now; what is broken is told as soon as it is. */
    public void refresh(Path stylesheet) {
        try {
            compile(stylesheet);
            confinement.read(stylesheet.resolveSibling(CodeTables.FILE));
        } catch (HubFailure | IOException absent) {
            // Nothing was there before that could go on: the next transfer tells of it.
            log.debug("{} can't be read", stylesheet);
        }
    }

    /** A stylesheet ready to run, and the content hash of what it was made from. */
    record Compiled(String stamp, String version, XsltExecutable executable) {}

    /**
     * Runs a stylesheet; without input it starts at {@code match="/"} of an empty document. Its own {@code xsl:output}
     * decides the form of the bytes.
     */
    public byte[] transform(Path stylesheet, byte @Nullable [] input, Map<String, String> parameters) {
        XdmNode document = input == null || input.length == 0 ? empty() : parse(input);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        run(compile(stylesheet), document, parameters, transformer -> transformer.newSerializer(out));
        return out.toByteArray();
    }

    /** Runs a stylesheet on JSON, which it gets in the XML form of XPath 3.1. */
    public byte[] transformJson(Path stylesheet, byte[] json, Map<String, String> parameters) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        XdmNode document = JsonForm.parse(json, documentBuilder());
        run(compile(stylesheet), document, parameters, transformer -> transformer.newSerializer(out));
        return out.toByteArray();
    }

    /** All faults of a stylesheet that can be found without running it. */
    public List<StylesheetFault> check(Path stylesheet) {
        List<StylesheetFault> faults = new ArrayList<>();
        if (Files.isRegularFile(stylesheet)) {
            compile(stylesheet, faults);
        } else {
            faults.add(new StylesheetFault(stylesheet, 0, "the stylesheet is missing"));
        }
        // Saxon reports some faults once per place that they touch.
        return faults.stream().distinct().toList();
    }

    Processor processor() {
        return processor;
    }

    Path home() {
        return home;
    }

    /** The tables in a file; none if there is no such file. */
    CodeTables tables(Path file) {
        try {
            return tables.get(file, CodeTables::read);
        } catch (IOException e) {
            return CodeTables.read(file);
        }
    }

    /** The stylesheet, as its files are now. */
    Compiled compile(Path stylesheet) {
        FolderVersion now = FolderVersion.of(folder(stylesheet), home.resolve("mappings/elmo"));
        Compiled known = compiled.get(stylesheet);
        if (known != null && known.stamp().equals(now.stamp())) {
            return known;
        }
        String version = now.hash();
        if (known != null && known.version().equals(version)) {
            Compiled touched = new Compiled(now.stamp(), version, known.executable());
            compiled.put(stylesheet, touched);
            return touched;
        }
        // Compiling costs as much as hundreds of runs: of many consumers that need it at once, one does it.
        synchronized (compiling.computeIfAbsent(stylesheet, path -> new Object())) {
            Compiled other = compiled.get(stylesheet);
            return other != null && other.stamp().equals(now.stamp())
                    ? other
                    : compile(stylesheet, now.stamp(), version, known);
        }
    }

    private Compiled compile(Path stylesheet, String stamp, String version, @Nullable Compiled known) {
        List<StylesheetFault> faults = new ArrayList<>();
        Optional<XsltExecutable> compilation = compile(stylesheet, faults);
        if (compilation.isEmpty() && keepsLast && known != null) {
            faults.forEach(fault -> log.warn("{}; what it was before goes on", fault));
            Compiled last = new Compiled(stamp, known.version(), known.executable());
            compiled.put(stylesheet, last);
            return last;
        }
        XsltExecutable executable = compilation.orElseThrow(() -> new HubFailure(
                FailureCode.MAPPING_FAILED,
                faults.stream()
                        .findFirst()
                        .map(fault -> place(fault.file().toString(), fault.line()) + " does not compile")
                        .orElse("a stylesheet does not compile")));
        Compiled fresh = new Compiled(stamp, version, executable);
        compiled.put(stylesheet, fresh);
        return fresh;
    }

    XdmNode run(Path stylesheet, XdmNode document, Map<String, String> parameters) {
        return run(compile(stylesheet), document, parameters);
    }

    XdmNode run(Compiled stylesheet, XdmNode document, Map<String, String> parameters) {
        XdmDestination result = new XdmDestination();
        run(stylesheet, document, parameters, transformer -> result);
        return result.getXdmNode();
    }

    /** An XML document from outside, without DOCTYPE. */
    XdmNode parse(byte[] xml) {
        try {
            return documentBuilder()
                    .build(new SAXSource(
                            new AnswerLimits(XmlFactories.reader()), new InputSource(new ByteArrayInputStream(xml))));
        } catch (SaxonApiException e) {
            // The parser's own text repeats what it stumbled over.
            throw new HubFailure(
                    FailureCode.ANSWER_UNREADABLE,
                    AnswerLimits.Exceeded.in(e)
                            .map(AnswerLimits.Exceeded::getMessage)
                            .orElseGet(() -> "not well-formed XML without DOCTYPE" + parsePosition(e)));
        }
    }

    DocumentBuilder documentBuilder() {
        return processor.newDocumentBuilder();
    }

    static byte[] serialize(XdmNode node) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Serializer serializer = node.getProcessor().newSerializer(out);
        serializer.setOutputProperty(Serializer.Property.METHOD, "xml");
        serializer.setOutputProperty(Serializer.Property.ENCODING, "UTF-8");
        serializer.setOutputProperty(Serializer.Property.INDENT, "no");
        try {
            serializer.serializeNode(node);
        } catch (SaxonApiException e) {
            throw new HubFailure(FailureCode.MAPPING_FAILED, "the result can't be written as XML", e);
        }
        return out.toByteArray();
    }

    private interface To {
        Destination destination(Xslt30Transformer transformer);
    }

    private void run(Compiled stylesheet, XdmNode document, Map<String, String> parameters, To to) {
        Messages messages = new Messages();
        try {
            Xslt30Transformer transformer = stylesheet.executable().load30();
            transformer.setMessageHandler(messages::take);
            transformer.setErrorReporter(error -> {});
            transformer.setStylesheetParameters(values(parameters));
            transformer.setGlobalContextItem(document);
            transformer.applyTemplates(document, to.destination(transformer));
        } catch (SaxonApiException e) {
            throw failure(e, messages);
        }
    }

    private HubFailure failure(SaxonApiException e, Messages messages) {
        QName code = e.getErrorCode();
        String name = code == null ? "" : code.getLocalName();
        Message last = messages.last;
        Optional<FailureCode> named = FailureCode.byWireName(name);
        if (last != null && named.isPresent()) {
            return new HubFailure(named.get(), shortLine(last.getStringValue()));
        }
        String where = place(e.getSystemId(), e.getLineNumber());
        return new HubFailure(FailureCode.MAPPING_FAILED, name.isEmpty() ? where : where + " " + name);
    }

    private Optional<XsltExecutable> compile(Path stylesheet, List<StylesheetFault> faults) {
        XsltCompiler compiler = processor.newXsltCompiler();
        compiler.setErrorReporter(error -> {
            if (!error.isWarning()) {
                String file = error.getLocation().getSystemId();
                faults.add(new StylesheetFault(
                        file == null ? stylesheet : path(file),
                        Math.max(0, error.getLocation().getLineNumber()),
                        oneLine(error.getMessage())));
            }
        });
        try (var bytes = Files.newInputStream(stylesheet)) {
            InputSource source = new InputSource(bytes);
            source.setSystemId(stylesheet.toRealPath().toUri().toString());
            return Optional.of(compiler.compile(new SAXSource(XmlFactories.reader(), source)));
        } catch (SaxonApiException | IOException e) {
            if (faults.isEmpty()) {
                // What is not well-formed is thrown by the parser, past Saxon's reporter.
                faults.add(unread(stylesheet, e));
            }
            return Optional.empty();
        }
    }

    private static StylesheetFault unread(Path stylesheet, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SAXParseException parse) {
                String file = parse.getSystemId();
                return new StylesheetFault(
                        file == null ? stylesheet : path(file),
                        Math.max(0, parse.getLineNumber()),
                        oneLine(String.valueOf(parse.getMessage())));
            }
        }
        return new StylesheetFault(stylesheet, 0, oneLine(String.valueOf(e.getMessage())));
    }

    private XdmNode empty() {
        try {
            BuildingContentHandler handler = documentBuilder().newBuildingContentHandler();
            handler.startDocument();
            handler.endDocument();
            return handler.getDocumentNode();
        } catch (SaxonApiException | SAXException e) {
            throw new IllegalStateException("An empty document can't be built", e);
        }
    }

    static Map<QName, XdmAtomicValue> values(Map<String, String> parameters) {
        Map<QName, XdmAtomicValue> values = new HashMap<>();
        // Untyped, so that a stylesheet may declare a parameter as xs:integer or xs:date.
        parameters.forEach((name, value) -> {
            try {
                values.put(new QName(name), new XdmAtomicValue(value, ItemType.UNTYPED_ATOMIC));
            } catch (SaxonApiException e) {
                throw new IllegalStateException("Every string is an untyped value", e);
            }
        });
        return values;
    }

    private String place(@Nullable String systemId, int line) {
        if (systemId == null || systemId.isEmpty()) {
            return "a stylesheet";
        }
        Path file = path(systemId);
        String shown = file.startsWith(home) ? home.relativize(file).toString() : String.valueOf(file.getFileName());
        return line > 0 ? shown + ":" + line : shown;
    }

    private static Path path(String systemId) {
        return Path.of(
                systemId.startsWith("file:") ? java.net.URI.create(systemId).getPath() : systemId);
    }

    static String parsePosition(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SAXParseException parse) {
                return " (line " + parse.getLineNumber() + ", column " + parse.getColumnNumber() + ")";
            }
        }
        return "";
    }

    private static Path folder(Path stylesheet) {
        Path folder = stylesheet.getParent();
        return folder == null ? Path.of("") : folder;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static String shortLine(String text) {
        String line = oneLine(text);
        return line.length() <= DETAIL_LIMIT ? line : line.substring(0, DETAIL_LIMIT) + "…";
    }

    /** Keeps the message that ended the run; all others are dropped, since nobody checks them for payload. */
    private static final class Messages {

        private @Nullable Message last;

        void take(Message message) {
            if (message.isTerminate()) {
                last = message;
            }
        }
    }
}
