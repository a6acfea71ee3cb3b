package org.emrexhub.kit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeFaults;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a register's samples reach the ELMO, found by trying: every value is changed, and what the mapping
 * makes of the document is compared. So it holds for any stylesheet.
 *
 * @param register its id
 * @param documents how many documents were tried
 * @param mapped fields that change the ELMO, or stop the mapping when they are wrong
 * @param account fields that only decide what is named as mapped, skipped or found
 * @param explained fields that change nothing, with the reason of {@code unmapped.yaml}
 * @param unexplained fields that change nothing, with a document that has them
 * @param stale entries of {@code unmapped.yaml} that name a field which is mapped, or none at all
 * @param neverFilled fields of ELMO that no document fills
 * @param codes code values without a row
 */
public record Coverage(
        String register,
        int documents,
        List<String> mapped,
        List<String> account,
        Map<String, String> explained,
        Map<String, String> unexplained,
        List<String> stale,
        List<String> neverFilled,
        List<CodeGap> codes) {

    /** The list of reasons beside a mapping. */
    public static final String REASONS = "unmapped.yaml";

    /**
     * A code value that a table lacks.
     *
     * @param document where it occurs
     * @param meant whether it is a sample of just this failure
     */
    public record CodeGap(String table, String code, String document, boolean meant) {}

    private enum Effect {
        NONE,
        ACCOUNT,
        MAPPED
    }

    /** Whether nothing is to be mended. */
    @JsonIgnore
    public boolean isFine() {
        return unexplained.isEmpty() && stale.isEmpty() && codes.stream().allMatch(CodeGap::meant);
    }

    /** Tries all samples of a register, and more documents. */
    public static Coverage of(Bench bench, List<Sample> more) {
        List<Sample> all = new ArrayList<>(bench.samples());
        all.addAll(more);
        return new Search(bench, all).coverage();
    }

    private static final class Search {

        /** A field that nothing reads is tried this often before it is given up. */
        private static final int MOST_TRIES = 300;

        private static final int MOST_OTHERS = 8;
        private static final Pattern ACCOUNT = Pattern.compile("<[\\w-]+:(mapped|skipped|finding)\\b[^>]*>");
        private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}.*", Pattern.DOTALL);

        private record Occurrence(Document document, SourceLeaves.Leaf leaf) {}

        private record Document(Sample sample, SourceLeaves leaves, String report, String account) {}

        private final Bench bench;
        private final List<Sample> samples;
        private final Map<String, List<Occurrence>> fields = new LinkedHashMap<>();
        private final Set<String> filled = new HashSet<>();
        private final List<CodeGap> codes = new ArrayList<>();
        private int documents;

        Search(Bench bench, List<Sample> samples) {
            this.bench = bench;
            this.samples = samples;
        }

        Coverage coverage() {
            samples.forEach(this::read);
            Map<String, String> reasons = reasons();
            List<String> mapped = new ArrayList<>();
            List<String> account = new ArrayList<>();
            Map<String, String> explained = new TreeMap<>();
            Map<String, String> unexplained = new TreeMap<>();
            Set<String> used = new HashSet<>();
            fields.forEach((path, occurrences) -> {
                switch (effect(occurrences)) {
                    case MAPPED -> mapped.add(path);
                    case ACCOUNT -> {
                        account.add(path);
                        reasons.keySet().stream()
                                .filter(key -> matches(key, path))
                                .forEach(used::add);
                    }
                    case NONE -> {
                        List<String> why = reasons.keySet().stream()
                                .filter(key -> matches(key, path))
                                .toList();
                        used.addAll(why);
                        if (why.isEmpty()) {
                            unexplained.put(
                                    path,
                                    Fault.shown(occurrences
                                            .get(0)
                                            .document()
                                            .sample()
                                            .input()));
                        } else {
                            explained.put(path, reasons.getOrDefault(why.get(0), ""));
                        }
                    }
                }
            });
            Set<String> never = new LinkedHashSet<>(ElmoFields.of(bench.home().resolve("mappings/elmo")));
            never.removeAll(filled);
            return new Coverage(
                    bench.register().id(),
                    documents,
                    mapped.stream().sorted().toList(),
                    account.stream().sorted().toList(),
                    explained,
                    unexplained,
                    reasons.keySet().stream().filter(key -> !used.contains(key)).toList(),
                    List.copyOf(never),
                    codes);
        }

        /** Maps a document as it is; one that can't be mapped is looked at for its codes alone. */
        private void read(Sample sample) {
            byte[] bytes = sample.bytes();
            try {
                String result = text(bench.map(bytes, sample.parameters()).xml());
                documents++;
                filled.addAll(ElmoFields.filled(result.getBytes(StandardCharsets.UTF_8)));
                SourceLeaves leaves = SourceLeaves.of(bytes, bench.folder().format());
                Document document = new Document(sample, leaves, report(result), account(result));
                for (SourceLeaves.Leaf leaf : leaves.leaves()) {
                    fields.computeIfAbsent(leaf.path(), path -> new ArrayList<>())
                            .add(new Occurrence(document, leaf));
                }
            } catch (HubFailure stopped) {
                if (stopped.code() == FailureCode.UNKNOWN_CODE) {
                    boolean meant = sample.failure()
                            .filter(FailureCode.UNKNOWN_CODE.wireName()::equals)
                            .isPresent();
                    // A transfer of what is refused on purpose gets to the first code only.
                    MissingRows.of(bench, bytes, sample.parameters()).stream()
                            .limit(meant ? 1 : Long.MAX_VALUE)
                            .forEach(row -> codes.add(
                                    new CodeGap(row.table(), row.code(), Fault.shown(sample.input()), meant)));
                }
            }
        }

        private Effect effect(List<Occurrence> occurrences) {
            Set<String> values = new TreeSet<>();
            occurrences.forEach(occurrence -> values.add(occurrence.leaf().value()));
            Effect strongest = Effect.NONE;
            int tries = 0;
            for (Occurrence occurrence : occurrences) {
                for (@Nullable String other : others(occurrence.leaf().value(), values)) {
                    Effect effect = effect(occurrence, other);
                    if (effect == Effect.MAPPED || ++tries >= MOST_TRIES) {
                        return effect == Effect.MAPPED ? effect : strongest;
                    }
                    if (effect == Effect.ACCOUNT) {
                        strongest = effect;
                    }
                }
            }
            return strongest;
        }

        private Effect effect(Occurrence occurrence, @Nullable String other) {
            Document document = occurrence.document();
            try {
                String result = text(bench.map(
                                document.leaves().with(occurrence.leaf(), other),
                                document.sample().parameters())
                        .xml());
                if (!report(result).equals(document.report())) {
                    return Effect.MAPPED;
                }
                return account(result).equals(document.account()) ? Effect.NONE : Effect.ACCOUNT;
            } catch (HubFailure stopped) {
                return stopped.code() == FailureCode.RECORD_UNACCOUNTED ? Effect.ACCOUNT : Effect.MAPPED;
            }
        }

        /** What a value is changed to: something like it, what stands elsewhere in its place, nothing. */
        private static List<@Nullable String> others(String value, Set<String> values) {
            List<@Nullable String> others = new ArrayList<>();
            if (value.matches("-?\\d{1,15}(\\.\\d{1,9})?")) {
                others.add(new BigDecimal(value).add(BigDecimal.ONE).toPlainString());
            } else if (DATE.matcher(value).matches()) {
                others.add((Integer.parseInt(value.substring(0, 4)) - 1) + value.substring(4));
            }
            others.add(value + "x");
            values.stream()
                    .filter(known -> !known.equals(value))
                    .limit(MOST_OTHERS)
                    .forEach(others::add);
            others.add(null);
            return others;
        }

        private static String text(byte[] xml) {
            return new String(xml, StandardCharsets.UTF_8);
        }

        private static String report(String result) {
            return ACCOUNT.matcher(result).replaceAll("");
        }

        private static String account(String result) {
            StringBuilder account = new StringBuilder();
            ACCOUNT.matcher(result).results().forEach(found -> account.append(found.group()));
            return account.toString();
        }

        /**
         * Whether an entry of the list means a field: its path from the root, or after {@code //} some part of its path; a
         * path of an element means all below it too. {@code *} is a name that is data, such as a course's code.
         */
        private static boolean matches(String entry, String path) {
            boolean anywhere = entry.startsWith("//");
            List<String> meant = steps(entry);
            List<String> steps = steps(path);
            int last = anywhere ? steps.size() - meant.size() : Math.min(0, steps.size() - meant.size());
            return IntStream.rangeClosed(0, last)
                    .anyMatch(from -> IntStream.range(0, meant.size())
                            .allMatch(step -> meant.get(step).equals("*")
                                    || meant.get(step).equals(steps.get(from + step))));
        }

        private static List<String> steps(String path) {
            return Stream.of(path.split("/")).filter(step -> !step.isEmpty()).toList();
        }

        private Map<String, String> reasons() {
            Path file = bench.register().mapping().resolve(REASONS);
            if (!Files.isRegularFile(file)) {
                return Map.of();
            }
            Map<String, String> reasons = new LinkedHashMap<>();
            List<Fault> faults = new ArrayList<>();
            try {
                JsonNode list = new YAMLMapper().readTree(file.toFile());
                if (!list.isObject() && !list.isMissingNode() && !list.isNull()) {
                    faults.add(Fault.in(file, "must be a map of paths to reasons."));
                }
                list.properties().forEach(entry -> {
                    if (entry.getValue().asText().isBlank()) {
                        faults.add(Fault.in(file, "'" + entry.getKey() + "' has no reason."));
                    }
                    reasons.put(entry.getKey(), entry.getValue().asText());
                });
            } catch (IOException broken) {
                faults.add(Fault.in(file, "is not YAML."));
            }
            if (!faults.isEmpty()) {
                throw new HomeFaults(faults);
            }
            return reasons;
        }
    }
}
