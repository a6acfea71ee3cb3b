package org.emrexhub.mapping;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.sf.saxon.dom.NodeOverNodeInfo;
import net.sf.saxon.event.Receiver;
import net.sf.saxon.event.ReceivingContentHandler;
import net.sf.saxon.expr.parser.Loc;
import net.sf.saxon.om.CopyOptions;
import net.sf.saxon.s9api.BuildingContentHandler;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.XdmNodeKind;
import net.sf.saxon.trans.XPathException;
import org.emrexhub.elmo.Credit;
import org.emrexhub.elmo.Credits;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.MappingResult.Finding;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.AttributesImpl;

/** Makes one ELMO document out of what all registers gave; the rules stand in {@code mappings/elmo/assemble.xsl}. */
public final class Assembly {

    private final Stylesheets stylesheets;

    /** Assemblies by the stylesheets of this home. */
    public Assembly(Stylesheets stylesheets) {
        this.stylesheets = stylesheets;
    }

    /** The learner, as the request names them. */
    public record Request(
            List<Identifier> identifiers,
            String givenNames,
            String familyName,
            @Nullable LocalDate birthDate) {

        public Request {
            identifiers = List.copyOf(identifiers);
        }
    }

    /** An identifier of a learner. */
    public record Identifier(String type, String value) {}

    /**
     * A register's mapped answer.
     *
     * @param result its {@code hub:result}
     */
    public record Source(String register, XdmNode result) {

        /** The answer that was just mapped, its result not yet let go of. */
        public static Source of(String register, MappingResult mapped) {
            return new Source(register, Objects.requireNonNull(mapped.result()));
        }
    }

    /** A register's mapped answer out of a {@code hub:result} that was written down. */
    public Source source(String register, byte[] result) {
        return new Source(register, stylesheets.parse(result));
    }

    /** A register that failed for good while the rest is delivered. */
    public record Missing(String register, FailureCode code) {}

    /**
     * The document, not yet signed and without transcript, and what a person should know of how it was made.
     *
     * @param elmo UTF-8
     * @param credits of the document, in its order
     * @param findings with the register that each is about, where it is about one
     */
    public record Assembled(byte[] elmo, List<Credit> credits, List<Finding> findings) {

        public Assembled {
            credits = List.copyOf(credits);
            findings = List.copyOf(findings);
        }
    }

    /**
     * Assembles, or fails with {@code learner_mismatch} if the sources are about different people or not about the one
     * of the request, or with {@code nothing_to_transfer}.
     */
    public Assembled assemble(Request request, List<Source> sources, List<Missing> missing, Instant generatedAt) {
        XdmNode input = input(request, sources, missing, generatedAt);
        XdmNode assembled = stylesheets
                .run(stylesheets.home().resolve("mappings/elmo/assemble.xsl"), input, Map.of())
                .children("assembled")
                .iterator()
                .next();
        CodeTables codes = stylesheets.tables(codes(stylesheets));
        List<Finding> findings = new ArrayList<>();
        for (XdmNode finding : assembled.children("finding")) {
            String rule = finding.attribute("rule");
            String text = codes.text("finding-rules", rule);
            findings.add(new Finding(
                    finding.attribute("register"),
                    finding.attribute("ref"),
                    rule,
                    finding.attribute("severity"),
                    text == null ? "" : text));
        }
        XdmNode elmo = assembled.children("elmo").iterator().next();
        Document document =
                (Document) NodeOverNodeInfo.wrap(assembled.getUnderlyingNode().getRoot());
        return new Assembled(Stylesheets.serialize(elmo), Credits.of(document), findings);
    }

    /** The tables that all mappings share. */
    static Path codes(Stylesheets stylesheets) {
        return stylesheets.home().resolve("mappings/elmo/codes.xml");
    }

    private XdmNode input(Request request, List<Source> sources, List<Missing> missing, Instant generatedAt) {
        try {
            BuildingContentHandler handler = stylesheets.documentBuilder().newBuildingContentHandler();
            Writer out = new Writer(handler);
            handler.startDocument();
            out.start(
                    "sources",
                    "generatedDate",
                    generatedAt.truncatedTo(ChronoUnit.SECONDS).toString());
            out.start("request");
            for (Identifier identifier : request.identifiers()) {
                out.leaf("identifier", identifier.value(), "type", identifier.type());
            }
            out.leaf("givenNames", request.givenNames());
            out.leaf("familyName", request.familyName());
            if (request.birthDate() != null) {
                out.leaf("bday", request.birthDate().toString());
            }
            out.end("request");
            for (Source source : sources) {
                out.start("source", "register", source.register());
                insert(source.result(), handler);
                out.end("source");
            }
            for (Missing one : missing) {
                out.leaf(
                        "missing",
                        "",
                        "register",
                        one.register(),
                        "code",
                        one.code().wireName());
            }
            out.end("sources");
            handler.endDocument();
            return handler.getDocumentNode();
        } catch (SAXException | SaxonApiException | XPathException e) {
            throw new HubFailure(FailureCode.HUB_DEFECT, "the sources can't be put together", e);
        }
    }

    /** Puts a result in as it is: a copy from tree to tree, without a parse in between. */
    private void insert(XdmNode result, BuildingContentHandler into) throws XPathException {
        // Names are numbers in a tree, and mean something to the processor that made it.
        boolean own = stylesheets
                .processor()
                .getUnderlyingConfiguration()
                .isCompatible(result.getUnderlyingNode().getConfiguration());
        XdmNode tree = own ? result : stylesheets.parse(Stylesheets.serialize(result));
        XdmNode element = tree.getNodeKind() == XdmNodeKind.DOCUMENT
                ? tree.children("result").iterator().next()
                : tree;
        Receiver receiver = ((ReceivingContentHandler) into).getReceiver();
        element.getUnderlyingNode().copy(receiver, CopyOptions.ALL_NAMESPACES, Loc.NONE);
    }

    private record Writer(ContentHandler out) {

        void start(String name, String... attributes) throws SAXException {
            AttributesImpl list = new AttributesImpl();
            for (int i = 0; i < attributes.length; i += 2) {
                list.addAttribute("", attributes[i], attributes[i], "CDATA", attributes[i + 1]);
            }
            out.startPrefixMapping("hub", RegisterMapping.NAMESPACE);
            out.startElement(RegisterMapping.NAMESPACE, name, "hub:" + name, list);
        }

        void end(String name) throws SAXException {
            out.endElement(RegisterMapping.NAMESPACE, name, "hub:" + name);
            out.endPrefixMapping("hub");
        }

        void leaf(String name, String text, String... attributes) throws SAXException {
            start(name, attributes);
            out.characters(text.toCharArray(), 0, text.length());
            end(name);
        }
    }
}
