package org.emrexhub.kit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.emrexhub.catalog.Fault;
import org.emrexhub.elmo.Violation;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.mapping.Assembly;
import org.emrexhub.mapping.MappingResult;
import org.emrexhub.mapping.MappingResult.Finding;
import org.emrexhub.mapping.MappingResult.Skipped;
import org.emrexhub.mapping.Pretty;
import org.emrexhub.mapping.Tracing;
import org.emrexhub.mapping.Tracing.Traced;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * One document, mapped as the hub would map it, with all that is wrong and where.
 *
 * @param register its id
 * @param document the source document
 * @param failure the wire code with which a transfer of it would die
 * @param expectedFailure the wire code that the sample expects
 * @param flaws what is wrong, unless the failure is expected
 * @param records how many records the document has
 * @param mapped how many of them are in the result
 * @param skipped those left out, each by a named rule
 * @param findings what a person should know
 * @param difference to the expected sample; {@code null} if there is none
 * @param result the whole {@code hub:result}
 * @param elmo the document that the hub would sign, indented; without transcript
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Trial(
        String register,
        String document,
        @Nullable String failure,
        @Nullable String expectedFailure,
        List<Flaw> flaws,
        int records,
        int mapped,
        List<Skipped> skipped,
        List<Finding> findings,
        @Nullable Difference difference,
        @JsonIgnore byte @Nullable [] result,
        @JsonIgnore byte @Nullable [] elmo) {

    /** The name under which places in the result are told. */
    public static final String RESULT = "elmo.xml";

    /** Whether nothing is to be mended. */
    @JsonIgnore
    public boolean isFine() {
        return flaws.isEmpty() && (difference == null || difference.isNone());
    }

    /** Maps a document and looks at what comes of it. */
    public static Trial of(Bench bench, Sample sample, byte @Nullable [] expected) {
        return new Run(bench, sample).trial(expected);
    }

    /** What stands in the way from the source to the document. */
    private static final class Run {

        /** In longer documents the value that stops a mapping is not looked for: each is a run of its own. */
        private static final int MOST_VALUES = 2_000;
        /** Who waits for an answer would rather have none of the place than wait longer. */
        private static final Duration LONGEST_SEARCH = Duration.ofSeconds(10);

        private static final List<String> PLAIN = List.of("1", "2001-01-01");

        private final Bench bench;
        private final Sample sample;
        private final byte[] source;
        private final Map<String, String> parameters;
        private final SourcePlaces places;
        private final List<Flaw> flaws = new ArrayList<>();
        private @Nullable Traced traced;

        Run(Bench bench, Sample sample) {
            this.bench = bench;
            this.sample = sample;
            this.source = sample.bytes();
            this.parameters = bench.parameters(sample.parameters());
            this.places = SourcePlaces.of(
                    shown(sample.input()), source, bench.folder().format());
        }

        Trial trial(byte @Nullable [] expected) {
            MappingResult result = null;
            FailureCode failure = null;
            byte[] xml = null;
            try {
                result = bench.map(source, sample.parameters());
                xml = result.xml();
            } catch (HubFailure stopped) {
                failure = stopped.code();
                tell(stopped);
                // Records may be unaccounted for in a result that is there all the same.
                xml = failure == FailureCode.RECORD_UNACCOUNTED ? Marks.without(trace().result()) : null;
            }
            List<Finding> findings = new ArrayList<>(result == null ? List.of() : result.findings());
            byte[] elmo = xml == null ? null : assemble(xml, findings);
            if (elmo != null) {
                judge(elmo);
            }
            if (failure == null && !flaws.isEmpty()) {
                failure = FailureCode.byWireName(flaws.get(0).code()).orElse(null);
            }
            String code = failure == null ? null : failure.wireName();
            String wanted = sample.failure().orElse(null);
            if (wanted != null && code == null) {
                flaws.add(Flaw.at(wanted, "failure.txt expects this code, and the document is mapped", null));
            } else if (wanted != null && wanted.equals(code)) {
                flaws.clear();
            }
            return new Trial(
                    bench.register().id(),
                    shown(sample.input()),
                    code,
                    wanted,
                    List.copyOf(flaws),
                    result == null ? 0 : result.records(),
                    result == null ? 0 : result.mapped().size(),
                    result == null ? List.of() : result.skipped(),
                    findings,
                    expected == null || xml == null ? null : Difference.between(expected, xml),
                    xml,
                    elmo);
        }

        private Traced trace() {
            Traced known = traced;
            if (known == null) {
                known = bench.tracing().map(bench.folder(), source, parameters);
                traced = known;
            }
            return known;
        }

        private void tell(HubFailure stopped) {
            String code = stopped.code().wireName();
            String detail = stopped.detail() == null ? stopped.code().message() : stopped.detail();
            switch (stopped.code()) {
                case UNKNOWN_CODE -> {
                    List<MissingRows.Row> rows = MissingRows.of(bench, source, sample.parameters());
                    rows.forEach(row -> flaws.add(Flaw.at(
                            code,
                            "table '" + row.table() + "' has no row for code '" + row.code() + "'; add it to "
                                    + shown(bench.register().mapping().resolve("code-tables.xml")),
                            place(row.code()))));
                    if (rows.isEmpty()) {
                        flaws.add(Flaw.at(code, detail, culprit(stopped)));
                    }
                }
                case RECORD_UNACCOUNTED -> unaccounted(detail);
                case MAPPING_FAILED -> {
                    String reason = trace().fault();
                    flaws.add(
                            Flaw.at(code, reason == null ? detail : detail + ": " + reason.strip(), culprit(stopped)));
                }
                default -> flaws.add(Flaw.at(code, detail, culprit(stopped)));
            }
        }

        /** The value without which, or with another one of its kind, the mapping would not stop so. */
        private @Nullable Spot culprit(HubFailure stopped) {
            if (places.broken().isPresent() || sample.failure().isPresent()) {
                return places.broken().orElse(null);
            }
            SourceLeaves leaves = SourceLeaves.of(source, bench.folder().format());
            Spot nearly = null;
            long start = System.nanoTime();
            for (SourceLeaves.Leaf leaf :
                    leaves.leaves().subList(0, Math.min(leaves.leaves().size(), MOST_VALUES))) {
                List<@Nullable String> others = new ArrayList<>();
                others.add(null);
                leaves.leaves().stream()
                        .filter(other -> other.path().equals(leaf.path()))
                        .map(SourceLeaves.Leaf::value)
                        .filter(value -> !value.equals(leaf.value()))
                        .limit(1)
                        .forEach(others::add);
                others.addAll(PLAIN);
                for (@Nullable String other : others) {
                    if (System.nanoTime() - start > LONGEST_SEARCH.toNanos()) {
                        return nearly;
                    }
                    HubFailure still = failure(leaves.with(leaf, other));
                    if (still == null) {
                        return places.at(leaf.place()).orElse(null);
                    }
                    if (nearly == null && still.code() != stopped.code()) {
                        nearly = places.at(leaf.place()).orElse(null);
                    }
                }
            }
            return nearly;
        }

        private @Nullable HubFailure failure(byte[] document) {
            try {
                bench.map(document, sample.parameters());
                return null;
            } catch (HubFailure failure) {
                return failure;
            }
        }

        /** Where a code stands in the source: as a whole, or the last part of it that can be found. */
        private @Nullable Spot place(String code) {
            List<String> parts = new ArrayList<>(List.of(code));
            List<String> pieces = List.of(code.split("[/|]"));
            for (int i = pieces.size() - 1; i >= 0; i--) {
                parts.add(pieces.get(i));
            }
            return parts.stream()
                    .filter(part -> !part.isEmpty())
                    .flatMap(part -> places.values("", part).stream())
                    .findFirst()
                    .orElse(null);
        }

        private void unaccounted(String detail) {
            byte[] result = trace().result();
            String code = FailureCode.RECORD_UNACCOUNTED.wireName();
            List<Tracing.Record> records = bench.tracing().records(bench.folder(), source);
            Map<String, Integer> named = new HashMap<>();
            Map<String, Element> by = new HashMap<>();
            if (result != null) {
                for (Element child : Dom.children(Dom.parse(result).getDocumentElement())) {
                    if (List.of("mapped", "skipped").contains(child.getLocalName())) {
                        named.merge(child.getAttribute("ref"), 1, Integer::sum);
                        by.putIfAbsent(child.getAttribute("ref"), child);
                    }
                }
            }
            int before = flaws.size();
            for (Tracing.Record record : records) {
                Spot spot = places.at(record.path()).orElse(null);
                if (record.ref().isEmpty()) {
                    flaws.add(Flaw.at(code, "this record has no reference by 'recordRef'", spot));
                } else if (result != null && named.merge(record.ref(), -1, Integer::sum) < 0) {
                    flaws.add(Flaw.at(
                            code, "record '" + record.ref() + "' is named neither as mapped nor as skipped", spot));
                }
            }
            named.forEach((ref, count) -> {
                if (count > 0) {
                    Element element = by.get(ref);
                    flaws.add(new Flaw(
                            code,
                            "'" + ref + "' is named, and no record has this reference, or fewer than are named",
                            element == null
                                    ? null
                                    : places.at(Marks.at(element)).orElse(null),
                            null,
                            element == null ? null : stylesheet(Marks.by(element))));
                }
            });
            if (flaws.size() == before) {
                flaws.add(Flaw.at(code, detail, null));
            }
        }

        private byte @Nullable [] assemble(byte[] result, List<Finding> findings) {
            try {
                Assembly.Assembled assembled = assembled(result);
                findings.addAll(assembled.findings());
                return Pretty.xml(assembled.elmo());
            } catch (HubFailure refused) {
                // A learner without records is a fault of no mapping: beside another register it is a line in the
                // report.
                if (refused.code() != FailureCode.NOTHING_TO_TRANSFER) {
                    flaws.add(Flaw.at(
                            refused.code().wireName(),
                            refused.detail() == null ? refused.code().message() : refused.detail(),
                            null));
                }
                return null;
            }
        }

        private Assembly.Assembled assembled(byte[] result) {
            Optional<Element> learner = Dom.children(Dom.parse(result).getDocumentElement(), "learner").stream()
                    .findFirst();
            List<Assembly.Identifier> identifiers = learner.map(
                            described -> Dom.children(described, "identifier").stream()
                                    .map(each -> new Assembly.Identifier(each.getAttribute("type"), Dom.text(each)))
                                    .toList())
                    .filter(given -> !given.isEmpty())
                    .orElseGet(() -> List.of(new Assembly.Identifier(
                            parameters.getOrDefault("identifierType", "nationalIdentifier"),
                            parameters.getOrDefault("identifier", ""))));
            return bench.assembly()
                    .assemble(
                            new Assembly.Request(
                                    identifiers, name(learner, "givenNames"), name(learner, "familyName"), null),
                            List.of(bench.assembly().source(bench.register().id(), result)),
                            List.of(),
                            LocalDate.parse(parameters.getOrDefault("today", Bench.TODAY))
                                    .atTime(12, 0)
                                    .toInstant(ZoneOffset.UTC));
        }

        private static String name(Optional<Element> learner, String part) {
            return learner.flatMap(
                            described -> Dom.children(described, part).stream().findFirst())
                    .map(Dom::text)
                    .orElse("Requested");
        }

        private void judge(byte[] elmo) {
            List<Violation> violations = bench.schema().validate(elmo);
            if (violations.isEmpty()) {
                return;
            }
            Marks marks = marks();
            for (Violation violation : violations) {
                Optional<Marks.Mark> mark = marks.nearest(violation.place());
                flaws.add(new Flaw(
                        FailureCode.SCHEMA_VIOLATION.wireName(),
                        violation.message(),
                        mark.flatMap(this::inSource).orElse(null),
                        new Spot(RESULT, violation.line(), violation.column(), violation.place()),
                        mark.map(found -> stylesheet(found.by())).orElse(null)));
            }
        }

        private Marks marks() {
            byte[] result = trace().result();
            if (result == null) {
                return Marks.NONE;
            }
            try {
                return Marks.of(assembled(result).elmo(), result);
            } catch (HubFailure untraceable) {
                return Marks.NONE;
            }
        }

        /** The value itself if the record has it once, else the record. */
        private Optional<Spot> inSource(Marks.Mark mark) {
            List<Spot> same = mark.text().isEmpty() ? List.of() : places.values(mark.at(), mark.text());
            return same.size() == 1 ? Optional.of(same.get(0)) : places.at(mark.at());
        }

        private Spot stylesheet(int line) {
            return new Spot(shown(bench.register().mapping().resolve("to-elmo.xsl")), line, 0, "");
        }

        private static String shown(Path path) {
            return Fault.shown(path);
        }
    }

    /** The document as text. */
    @JsonProperty("elmo")
    public @Nullable String text() {
        return elmo == null ? null : new String(elmo, StandardCharsets.UTF_8);
    }
}
