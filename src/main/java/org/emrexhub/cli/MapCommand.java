package org.emrexhub.cli;

import jakarta.xml.bind.JAXBContext;
import jakarta.xml.bind.JAXBException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeFaults;
import org.emrexhub.catalog.SampleRegister;
import org.emrexhub.catalog.SampleSis;
import org.emrexhub.elmo.xml.Elmo;
import org.emrexhub.kit.Bench;
import org.emrexhub.kit.Difference;
import org.emrexhub.kit.Flaw;
import org.emrexhub.kit.Sample;
import org.emrexhub.kit.SisBench;
import org.emrexhub.kit.SisTrial;
import org.emrexhub.kit.Trial;
import org.emrexhub.mapping.Pretty;
import org.emrexhub.transcript.Transcripts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code map}: what a mapping makes of a document, what is wrong with it and where. */
@Command(
        name = "map",
        description = {
            "Maps source documents as the hub would: prints the ELMO, what is wrong and where, what is left out, and how"
                    + " the result differs in meaning from the sample's elmo.xml.",
            "Of a student information system it maps deliveries: prints the payload, why a mapping stops and where, and"
                    + " how it differs from the sample's payload.*.",
            "Works on the files as they are now; no hub is needed, and none must run.",
            ""
        })
@SuppressWarnings("NullAway.Init")
final class MapCommand extends HubCommand {

    @Parameters(
            index = "0",
            paramLabel = "<id>",
            description = "The id of the register or student information system, as its folder is called.")
    String id;

    @Parameters(
            index = "1..*",
            paramLabel = "<document>",
            description = "A source document (or a delivery), or the name of a sample; default: all samples.")
    List<String> documents = new ArrayList<>();

    @Option(
            names = {"-p", "--parameter"},
            paramLabel = "<name>=<value>",
            description =
                    "A parameter of the stylesheet, such as identifier or today; samples have theirs beside them.")
    Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--expected",
            paramLabel = "<file>",
            description = "What to compare with, a hub:result or an ELMO document; default: elmo.xml of the sample.")
    @Nullable
    Path expected;

    @Option(names = "--elmo", paramLabel = "<file>", description = "Write the ELMO there instead of printing it.")
    @Nullable
    Path elmo;

    @Option(names = "--transcript", paramLabel = "<file>", description = "Write the transcript there, a PDF.")
    @Nullable
    Path transcript;

    @Option(
            names = "--update",
            description =
                    "Write elmo.xml (or payload.*) of the samples anew, after the differences were told: they are for you"
                            + " to judge.")
    boolean update;

    @Override
    int work() {
        if (SampleSis.isThere(home(), id)) {
            return mapDeliveries();
        }
        List<String> registers = SampleRegister.ids(home());
        if (!registers.contains(id)) {
            List<String> known = new ArrayList<>(registers);
            known.addAll(SampleSis.ids(home()));
            throw new HomeFaults(List.of(Fault.in(
                    home().resolve("routes/registers").resolve(id),
                    "is no folder, nor is there one in routes/sis; "
                            + (known.isEmpty()
                                    ? "this home has none."
                                    : "there is " + String.join(", ", known) + "."))));
        }
        return mapAnswers();
    }

    private int mapDeliveries() {
        if (elmo != null || transcript != null || expected != null) {
            throw new ParameterException(
                    spec.commandLine(), "--elmo, --transcript and --expected are for registers; " + id + " is none.");
        }
        SisBench bench = SisBench.of(home(), id);
        List<SisTrial> trials = samples(bench.samples()).stream()
                .map(sample -> SisTrial.of(bench, sample))
                .toList();
        if (json) {
            print(trials);
        } else {
            trials.forEach(trial -> tell(trial, trials.size() == 1));
        }
        if (update) {
            trials.forEach(SisTrial::update);
        }
        if (trials.isEmpty() && !json) {
            tellNoSamples(bench.folder());
        }
        return trials.stream().allMatch(this::isFine) ? FINE : FOUND;
    }

    private boolean isFine(SisTrial trial) {
        return trial.fine() || (update && trial.failure() == null && trial.expectedFailure() == null);
    }

    private void tell(SisTrial trial, boolean alone) {
        if (alone && trial.payload() != null) {
            out().print(trial.payload());
        }
        out().println(trial.document() + ": " + (isFine(trial) ? "fine" : "to be mended") + outcome(trial));
        if (trial.detail() != null && !trial.fine()) {
            out().println("  " + trial.detail() + " (" + trial.failure() + ")");
        }
        if (trial.failure() == null && trial.expectedFailure() != null) {
            out().println("  failure.txt expects " + trial.expectedFailure() + ", and the delivery is mapped");
        }
        if (trial.difference() != null) {
            out().println("  " + trial.difference());
        }
        if (update && trial.expected() != null) {
            out().println("  is what is expected from now on: " + Fault.shown(trial.expected()));
        } else if (trial.expected() != null && trial.difference() == null) {
            out().println("  says what is expected");
        }
    }

    private static String outcome(SisTrial trial) {
        return trial.failure() == null ? "" : stops(trial.failure(), trial.expectedFailure());
    }

    private int mapAnswers() {
        Bench bench = Bench.of(home(), id);
        List<Sample> samples = samples(bench.samples());
        if (samples.size() != 1 && (elmo != null || transcript != null || expected != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--elmo, --transcript and --expected need one document; there are " + samples.size() + ".");
        }
        List<Trial> trials = new ArrayList<>();
        boolean fine = true;
        for (Sample sample : samples) {
            Trial trial = Trial.of(bench, sample, expected(sample));
            trials.add(trial);
            byte[] result = update && sample.failure().isEmpty() && trial.failure() == null ? trial.result() : null;
            boolean good = result == null ? trial.isFine() : trial.flaws().isEmpty();
            fine &= good;
            if (!json) {
                tell(trial, samples.size() == 1, good);
            }
            if (result != null) {
                Path written = sample.input().resolveSibling("elmo.xml");
                write(written, Pretty.xml(result));
                if (!json) {
                    out().println("  is what is expected from now on: " + Fault.shown(written));
                }
            } else if (!json) {
                compare(trial);
            }
            writeResults(trial);
        }
        if (json) {
            print(trials);
        } else if (trials.isEmpty()) {
            tellNoSamples(bench.register().mapping());
        }
        return fine ? FINE : FOUND;
    }

    private void tellNoSamples(Path mapping) {
        out().println(id + " has no samples; name a document, or write one to "
                + Fault.shown(mapping.resolve("samples/<what-it-shows>")) + "/input.*");
    }

    private List<Sample> samples(List<Sample> all) {
        if (documents.isEmpty()) {
            return all.stream().map(sample -> sample.with(parameters)).toList();
        }
        List<Sample> chosen = new ArrayList<>();
        for (String document : documents) {
            Path file = Path.of(document);
            Optional<Sample> sample = Files.isRegularFile(file)
                    ? Optional.of(Sample.of(file))
                    : all.stream().filter(each -> each.name().equals(document)).findFirst();
            chosen.add(sample.orElseThrow(() -> new HomeFaults(
                            List.of(Fault.in(file, "is neither a file nor the name of a sample of " + id + "."))))
                    .with(parameters));
        }
        return chosen;
    }

    private byte @Nullable [] expected(Sample sample) {
        Optional<Path> file = expected == null ? sample.expected() : Optional.of(expected);
        try {
            return file.isEmpty() ? null : Files.readAllBytes(file.get());
        } catch (IOException unreadable) {
            throw new HomeFaults(List.of(Fault.in(file.get(), "can't be read.")));
        }
    }

    private void writeResults(Trial trial) {
        byte[] document = trial.elmo();
        if (document == null) {
            return;
        }
        if (elmo != null) {
            write(elmo, document);
        }
        if (transcript != null) {
            write(transcript, print(document));
        }
    }

    private static byte[] print(byte[] document) {
        Transcripts transcripts = new Transcripts();
        try {
            Elmo read = (Elmo) JAXBContext.newInstance(Elmo.class.getPackageName())
                    .createUnmarshaller()
                    .unmarshal(transcripts.open(document));
            return transcripts.print(read, List.of());
        } catch (JAXBException | XMLStreamException e) {
            throw new UncheckedIOException(new IOException("the document is not ELMO enough for a transcript"));
        }
    }

    private void tell(Trial trial, boolean alone, boolean fine) {
        if (alone && elmo == null && trial.text() != null) {
            out().println(trial.text());
        }
        out().println(trial.document() + ": " + (fine ? "fine" : "to be mended") + outcome(trial));
        for (Flaw flaw : trial.flaws()) {
            out().println("  " + (flaw.inSource() == null ? "" : flaw.inSource() + ": ") + flaw.message() + " ("
                    + flaw.code() + ")");
            if (flaw.inResult() != null) {
                out().println("    in the result at " + flaw.inResult());
            }
            if (flaw.inMapping() != null) {
                out().println("    made by " + flaw.inMapping());
            }
        }
        trial.skipped()
                .forEach(record ->
                        out().println("  skipped " + record.ref() + " by " + record.rule() + ": " + record.text()));
        trial.findings()
                .forEach(finding -> out().println(
                                "  " + finding.severity() + (finding.ref() == null ? "" : " " + finding.ref()) + " "
                                        + finding.rule() + ": " + finding.text()));
    }

    private void compare(Trial trial) {
        Difference difference = trial.difference();
        if (difference == null && trial.result() != null && trial.expectedFailure() == null) {
            out().println("  nothing to compare with: there is no elmo.xml");
        } else if (difference != null && difference.isNone()) {
            out().println("  says what is expected");
        } else if (difference != null) {
            difference.missing().forEach(course -> out().println("  missing: " + course));
            difference.added().forEach(course -> out().println("  not expected: " + course));
            difference.changed().forEach(change -> out().println("  " + change));
        }
    }

    private static String outcome(Trial trial) {
        if (trial.failure() != null) {
            return stops(trial.failure(), trial.expectedFailure());
        }
        return "; " + trial.records() + " records, " + trial.mapped() + " mapped, "
                + trial.skipped().size() + " skipped";
    }

    private static String stops(String failure, @Nullable String wanted) {
        return failure.equals(wanted)
                ? "; stops with " + failure + ", as expected"
                : "; a transfer would die with " + failure;
    }
}
