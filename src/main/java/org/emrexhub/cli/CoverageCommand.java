package org.emrexhub.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeFaults;
import org.emrexhub.catalog.SampleRegister;
import org.emrexhub.kit.Bench;
import org.emrexhub.kit.Coverage;
import org.emrexhub.kit.Sample;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coverage}: what of a source reaches the ELMO, and what does not. */
@Command(
        name = "coverage",
        description = {
            "Tells which fields of a register's samples never reach the ELMO, which fields of ELMO are never filled, and"
                    + " which code values have no row. It changes each value and looks what comes of it.",
            "A field that is left out for a reason has it in mappings/registers/<id>/unmapped.yaml; any other is to be"
                    + " mended.",
            ""
        })
final class CoverageCommand extends HubCommand {

    @Parameters(index = "0", arity = "0..1", paramLabel = "<register>", description = "Default: all registers.")
    @Nullable
    String register;

    @Option(
            names = "--document",
            paramLabel = "<file>",
            description = "One more document to look at beside the samples; may be given again.")
    List<Path> documents = new ArrayList<>();

    @Override
    int work() {
        Path home = home();
        documents.stream()
                .filter(file -> !Files.isRegularFile(file))
                .findFirst()
                .ifPresent(file -> {
                    throw new HomeFaults(List.of(Fault.in(file, "is not a file.")));
                });
        List<Sample> more = documents.stream().map(Sample::of).toList();
        List<Coverage> all = new ArrayList<>();
        for (String id : register == null ? SampleRegister.ids(home) : List.of(register)) {
            Bench bench = Bench.of(home, id);
            Coverage coverage = Coverage.of(bench, more);
            all.add(coverage);
            if (!json) {
                tell(coverage, Fault.shown(bench.register().mapping().resolve(Coverage.REASONS)));
            }
        }
        if (json) {
            print(all);
        }
        return all.stream().allMatch(Coverage::isFine) ? FINE : FOUND;
    }

    private void tell(Coverage coverage, String reasons) {
        out().println(coverage.register() + ": " + coverage.documents() + " documents; of their fields "
                + coverage.mapped().size() + " are mapped, "
                + coverage.account().size()
                + " only decide what is skipped or found, "
                + coverage.explained().size() + " are left out for a reason, "
                + coverage.unexplained().size() + " without one");
        coverage.unexplained()
                .forEach((path, document) -> out().println("  warning: " + path + " never reaches the ELMO (" + document
                        + "); map it, or give the reason in " + reasons));
        coverage.stale()
                .forEach(path -> out().println("  warning: " + reasons + " explains " + path
                        + ", which is mapped or in no document; take it out"));
        coverage.codes()
                .forEach(gap -> out().println((gap.meant() ? "  refused on purpose: " : "  warning: ") + "table '"
                        + gap.table() + "' has no row for code '" + gap.code() + "' (" + gap.document() + ")"));
        coverage.explained().forEach((path, reason) -> out().println("  left out: " + path + ": " + reason));
        coverage.neverFilled().forEach(path -> out().println("  never filled: " + path));
    }
}
