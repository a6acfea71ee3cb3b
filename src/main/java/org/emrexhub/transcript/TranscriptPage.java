package org.emrexhub.transcript;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.emrexhub.elmo.XmlFactories;
import org.emrexhub.transcript.Transcript.GradingScale;
import org.emrexhub.transcript.Transcript.Identifier;
import org.emrexhub.transcript.Transcript.Institution;
import org.emrexhub.transcript.Transcript.Learner;
import org.emrexhub.transcript.Transcript.StudyRecord;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Lays a transcript out as an XHTML page.
 *
 * <p>Built as a tree, not as text: what an institution calls its courses can never become markup.
 */
final class TranscriptPage {

    static final String TITLE = "EMREX transcript";

    private static final int MAX_TEXT = 2_000;

    private static final String XHTML = "http://www.w3.org/1999/xhtml";
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Document document;
    private final Element body;

    private TranscriptPage(String styles) {
        this.document = XmlFactories.documentBuilder().newDocument();
        Element html = document.createElementNS(XHTML, "html");
        html.setAttribute("lang", "en");
        document.appendChild(html);
        Element head = add(html, "head");
        add(head, "title", TITLE);
        for (String name : List.of("subject", "description")) {
            Element meta = add(head, "meta");
            meta.setAttribute("name", name);
            meta.setAttribute("content", "Study records of one learner");
        }
        Element style = add(head, "style");
        style.setAttribute("type", "text/css");
        style.appendChild(document.createTextNode(styles));
        this.body = add(html, "body");
    }

    static Document of(Transcript transcript, String styles) {
        TranscriptPage page = new TranscriptPage(styles);
        page.write(transcript);
        return page.document;
    }

    /** Says on the page that not all of its characters could be printed. */
    static void tellOfLetters(Document page) {
        Element note = page.createElementNS(XHTML, "p");
        note.setAttribute("class", "missing");
        note.appendChild(page.createTextNode("The fonts of this transcript lack some of its characters; each of them is"
                + " printed as #. The ELMO document has them."));
        page.getElementsByTagNameNS(XHTML, "body").item(0).appendChild(note);
    }

    private void write(Transcript transcript) {
        add(body, "h1", TITLE);
        write(transcript.learner());
        transcript.missing().forEach(this::write);
        transcript.institutions().forEach(this::write);
        add(body, "p", "Generated " + MOMENT.format(transcript.generatedAt()) + ".");
        styled(
                body,
                "p",
                "note",
                "This transcript is a human-readable copy. The signed ELMO document that it is attached to is the"
                        + " authoritative record; verify its signature before relying on it.");
    }

    private void write(Learner learner) {
        Element table = styled(body, "table", "learner", null);
        row(table, "Given names", learner.givenNames());
        row(table, "Family name", learner.familyName());
        row(table, "Date of birth", learner.birthDate());
        row(table, "Citizenship", learner.citizenship());
        for (Identifier identifier : learner.identifiers()) {
            row(table, label(identifier.type()), identifier.value());
        }
    }

    private void row(Element table, String label, @Nullable String value) {
        if (value != null) {
            Element row = add(table, "tr");
            add(row, "th", label);
            add(row, "td", value);
        }
    }

    private void write(String missing) {
        styled(body, "p", "missing", "Not included, since it could not be asked: " + missing);
    }

    private void write(Institution institution) {
        add(body, "h2", institution.title());
        styled(
                body,
                "p",
                "small",
                Stream.concat(
                                Stream.of(institution.originalTitle(), institution.country())
                                        .filter(it -> it != null),
                                institution.identifiers().stream().map(it -> label(it.type()) + " " + it.value()))
                        .collect(Collectors.joining(" · ", "", " · issued " + institution.issuedOn())));
        if (institution.records().isEmpty()) {
            add(body, "p", "No records.");
        } else {
            table(institution.records());
        }
        for (GradingScale scale : institution.gradingScales()) {
            styled(body, "p", "scale", "Grading scale " + scale.number() + ": " + scale.description());
        }
    }

    private void table(List<StudyRecord> records) {
        Element table = styled(body, "table", "records", null);
        Element head = add(add(table, "thead"), "tr");
        for (String column : List.of("Record", "Date", "Result", "Credits", "Level", "Status")) {
            add(head, "th", column);
        }
        Element rows = add(table, "tbody");
        for (StudyRecord studied : records) {
            Element row = add(rows, "tr");
            Element title = add(row, "td");
            title.setAttribute("style", "padding-left: " + (4 + 10 * Math.min(studied.depth(), 8)) + "pt");
            styled(title, "div", studied.depth() == 0 ? "top" : "part", studied.title());
            String more = Stream.of(studied.originalTitle(), studied.type(), studied.code(), studied.language())
                    .filter(it -> it != null)
                    .collect(Collectors.joining(" · "));
            if (!more.isEmpty()) {
                styled(title, "div", "small", more);
            }
            styled(row, "td", "fixed", studied.date());
            Element result = add(row, "td", studied.result());
            if (studied.result() != null && studied.gradingScale() != null) {
                styled(result, "span", "small", " scale " + studied.gradingScale());
            }
            styled(row, "td", "fixed", String.join(", ", studied.credits()));
            styled(row, "td", "fixed", String.join(", ", studied.levels()));
            styled(row, "td", "fixed", studied.status());
        }
    }

    /** {@code nationalIdentifier} reads as "National identifier"; what is one word or an acronym stays as it is. */
    private static String label(String type) {
        String spaced = type.replaceAll("(?<=[a-z])(?=[A-Z])", " ");
        return spaced.equals(type)
                ? type
                : spaced.substring(0, 1).toUpperCase(Locale.ROOT)
                        + spaced.substring(1).toLowerCase(Locale.ROOT);
    }

    private Element add(Element parent, String name) {
        Element element = document.createElementNS(XHTML, name);
        parent.appendChild(element);
        return element;
    }

    private Element add(Element parent, String name, @Nullable String text) {
        Element element = add(parent, name);
        // A text without any character has no direction, which the printer can't bear.
        if (text != null && !text.isEmpty()) {
            element.appendChild(document.createTextNode(readable(text)));
        }
        return element;
    }

    /** Longer than any title or description; the time that a page takes grows with the square of its longest text. */
    private static String readable(String text) {
        return text.codePointCount(0, text.length()) <= MAX_TEXT
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_TEXT))
                        + " … (shortened here; the ELMO document has the whole text)";
    }

    private Element styled(Element parent, String name, String style, @Nullable String text) {
        Element element = add(parent, name, text);
        element.setAttribute("class", style);
        return element;
    }
}
