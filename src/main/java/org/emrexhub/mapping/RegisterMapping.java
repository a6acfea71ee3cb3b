package org.emrexhub.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import net.sf.saxon.s9api.QName;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XPathCompiler;
import net.sf.saxon.s9api.XPathExecutable;
import net.sf.saxon.s9api.XPathSelector;
import net.sf.saxon.s9api.XdmItem;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.XdmNodeKind;
import net.sf.saxon.s9api.XdmValue;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.MappingResult.Finding;
import org.emrexhub.mapping.MappingResult.Skipped;
import org.jspecify.annotations.Nullable;

/**
 * Maps one register's answer and accounts for it: every record must be named once as mapped or as skipped by a rule,
 * or the mapping fails. A mapping can't lose a record silently.
 */
public final class RegisterMapping {

    /** The namespace of a mapping's result. */
    public static final String NAMESPACE = "urn:emrexhub:mapping:1";

    /** Nobody has as many; an answer of the longest kind could hold ten times that, and a transcript is made of each. */
    static final int MAX_RECORDS = 10_000;

    private final Stylesheets stylesheets;
    private final Map<Expression, XPathExecutable> xpaths = new ConcurrentHashMap<>();

    private record Expression(Map<String, String> namespaces, String text) {}

    /** Mappings that run on these stylesheets. */
    public RegisterMapping(Stylesheets stylesheets) {
        this.stylesheets = stylesheets;
    }

    /**
     * Maps an answer, or fails with a {@link HubFailure} whose detail is free of payload.
     *
     * @param parameters {@code register, identifierType, identifier, today} and the register's settings that are no
     *     secret; the stylesheet gets those that it declares
     */
    public MappingResult map(MappingFolder mapping, byte[] answer, Map<String, String> parameters) {
        Stylesheets.Compiled stylesheet = stylesheets.compile(mapping.stylesheet());
        XdmNode source = switch (mapping.format()) {
            case XML -> stylesheets.parse(answer);
            case JSON -> JsonForm.parse(answer, stylesheets.documentBuilder());
        };
        List<String> refs = refs(mapping, source);
        XdmNode result = resultOf(stylesheets.run(stylesheet, source, parameters));
        Rules rules = new Rules(mapping);
        List<String> mapped = new ArrayList<>();
        List<Skipped> skipped = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        String register = parameters.get("register");
        for (XdmNode child : result.children(node -> node.getNodeKind() == XdmNodeKind.ELEMENT)) {
            QName name = child.getNodeName();
            if (!NAMESPACE.equals(name.getNamespace())) {
                continue;
            }
            switch (name.getLocalName()) {
                case "mapped" -> mapped.add(required(child, "ref"));
                case "skipped" -> {
                    String rule = required(child, "rule");
                    skipped.add(new Skipped(required(child, "ref"), rule, rules.text("skip-rules", rule)));
                }
                case "finding" -> {
                    String rule = required(child, "rule");
                    findings.add(new Finding(
                            register,
                            child.attribute("ref"),
                            rule,
                            required(child, "severity"),
                            rules.text("finding-rules", rule)));
                }
                case "learner" -> {}
                default ->
                    throw new HubFailure(
                            FailureCode.MAPPING_FAILED, "the result holds an element that the contract does not know");
            }
        }
        account(refs, mapped, skipped);
        return new MappingResult(result, stylesheet.version(), refs, mapped, skipped, findings);
    }

    /** All faults of a mapping folder that can be found without an answer: stylesheet, tables, XPaths. */
    public List<StylesheetFault> check(MappingFolder mapping) {
        List<StylesheetFault> faults = new ArrayList<>(stylesheets.check(mapping.stylesheet()));
        faults.addAll(CodeTables.read(mapping.tables()).faults());
        for (String expression : List.of(mapping.records(), mapping.recordRef())) {
            try {
                xpath(mapping, expression);
            } catch (SaxonApiException e) {
                faults.add(new StylesheetFault(
                        mapping.folder(), 0, "not an XPath: " + expression + " (" + e.getMessage() + ")"));
            }
        }
        return List.copyOf(faults);
    }

    private List<String> refs(MappingFolder mapping, XdmNode source) {
        try {
            XPathExecutable recordRef = xpath(mapping, mapping.recordRef());
            XdmValue records = evaluate(xpath(mapping, mapping.records()), source);
            if (records.size() > MAX_RECORDS) {
                throw new HubFailure(
                        FailureCode.ROW_LIMIT_EXCEEDED,
                        "the answer holds more than " + MAX_RECORDS + " records of one learner");
            }
            List<String> refs = new ArrayList<>();
            for (XdmItem record : records) {
                XdmValue ref = evaluate(recordRef, record);
                String text = ref.isEmpty() ? "" : ref.itemAt(0).getStringValue();
                if (ref.size() > 1 || text.isEmpty()) {
                    throw new HubFailure(
                            FailureCode.RECORD_UNACCOUNTED, "record " + (refs.size() + 1) + " has no single reference");
                }
                refs.add(text);
            }
            return refs;
        } catch (SaxonApiException e) {
            throw new HubFailure(
                    FailureCode.MAPPING_FAILED, "records or recordRef of the descriptor is no sound XPath");
        }
    }

    private XPathExecutable xpath(MappingFolder mapping, String expression) throws SaxonApiException {
        Expression key = new Expression(mapping.namespaces(), expression);
        XPathExecutable known = xpaths.get(key);
        if (known != null) {
            return known;
        }
        XPathCompiler compiler = stylesheets.processor().newXPathCompiler();
        mapping.namespaces().forEach(compiler::declareNamespace);
        XPathExecutable compiled = compiler.compile(expression);
        xpaths.put(key, compiled);
        return compiled;
    }

    private static XdmValue evaluate(XPathExecutable xpath, XdmItem context) throws SaxonApiException {
        XPathSelector selector = xpath.load();
        selector.setContextItem(context);
        return selector.evaluate();
    }

    private static XdmNode resultOf(XdmNode document) {
        for (XdmNode child : document.children("result")) {
            if (NAMESPACE.equals(child.getNodeName().getNamespace())) {
                return child;
            }
        }
        throw new HubFailure(FailureCode.MAPPING_FAILED, "the stylesheet did not yield a hub:result");
    }

    /** Compares by counting: a reference that two records share must be named twice. Says ordinals, never a reference. */
    private static void account(List<String> refs, List<String> mapped, List<Skipped> skipped) {
        Map<String, Integer> named = new HashMap<>();
        mapped.forEach(ref -> named.merge(ref, 1, Integer::sum));
        skipped.forEach(skip -> named.merge(skip.ref(), 1, Integer::sum));
        List<Integer> missing = new ArrayList<>();
        for (int i = 0; i < refs.size(); i++) {
            if (named.merge(refs.get(i), -1, Integer::sum) < 0) {
                missing.add(i + 1);
            }
        }
        int surplus = named.values().stream()
                .filter(count -> count > 0)
                .mapToInt(Integer::intValue)
                .sum();
        if (!missing.isEmpty() || surplus > 0) {
            throw new HubFailure(
                    FailureCode.RECORD_UNACCOUNTED,
                    "of " + refs.size() + " records " + missing.size() + " are not named"
                            + (missing.isEmpty() ? "" : " (first: record " + missing.get(0) + ")") + ", and "
                            + surplus + " names belong to no record or are given twice");
        }
    }

    private static String required(XdmNode element, String attribute) {
        String value = element.attribute(attribute);
        if (value == null || value.isEmpty()) {
            throw new HubFailure(
                    FailureCode.MAPPING_FAILED,
                    "a hub:" + element.getNodeName().getLocalName() + " without " + attribute);
        }
        return value;
    }

    /** Texts of rules: the folder's own table first, then the shared one. A rule without a text is a fault. */
    private final class Rules {

        private final MappingFolder mapping;
        private final Map<String, String> known = new TreeMap<>();
        private @Nullable List<CodeTables> tables;

        Rules(MappingFolder mapping) {
            this.mapping = mapping;
        }

        String text(String table, String rule) {
            return known.computeIfAbsent(table + "/" + rule, key -> find(table, rule));
        }

        private String find(String table, String rule) {
            List<CodeTables> read = tables;
            if (read == null) {
                read = List.of(stylesheets.tables(mapping.tables()), stylesheets.tables(Assembly.codes(stylesheets)));
                tables = read;
            }
            for (CodeTables one : read) {
                String text = one.text(table, rule);
                if (text != null) {
                    return text;
                }
            }
            throw new HubFailure(
                    FailureCode.MAPPING_FAILED, "table '" + table + "' has no row for the rule that the mapping used");
        }
    }
}
