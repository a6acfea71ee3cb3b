package org.emrexhub.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.emrexhub.catalog.Fault;
import org.emrexhub.kit.NewFolder;
import org.emrexhub.kit.NewFolder.Mechanism;
import org.emrexhub.mapping.MappingFolder.Format;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code new-register} and {@code new-sis}: folders to begin with. */
@SuppressWarnings("NullAway.Init")
abstract class NewCommand extends HubCommand {

    @Parameters(
            index = "0",
            paramLabel = "<id>",
            description = "Name of the folder: lower kebab case, a national system with its country first: se-ladok.")
    String id;

    /** Writes the folders. */
    abstract List<Path> write();

    /** What to do next, one step a line; {@code %s} is the id. */
    abstract List<String> next();

    @Override
    int work() {
        if (!NewFolder.isId(id)) {
            throw new ParameterException(
                    spec.commandLine(), "'" + id + "' must be lower kebab case, such as se-ladok.");
        }
        List<String> files = write().stream().map(Fault::shown).toList();
        List<String> next = next().stream().map(step -> step.formatted(id)).toList();
        if (json) {
            print(Map.of("files", files, "next", next));
        } else {
            out().println("Written:");
            files.forEach(file -> out().println("  " + file));
            out().println("Next:");
            next.forEach(step -> out().println("  " + step));
        }
        return FINE;
    }

    /** What {@code --format} names. */
    final Format format(String name) {
        for (Format known : Format.values()) {
            if (known.name().equalsIgnoreCase(name)) {
                return known;
            }
        }
        throw new ParameterException(spec.commandLine(), "--format is xml or json.");
    }

    /** A new register. */
    @Command(
            name = "new-register",
            description = {
                "Writes the folders of a new register: it starts in the demo, is asked, maps its sample. You change it line"
                        + " by line into the register that you have.",
                "Overwrites nothing. The guide is docs/add-a-register.md.",
                ""
            })
    static final class Register extends NewCommand {

        /** At most one of them. */
        static final class Asked {
            @Option(names = "--rest", description = "It is asked over HTTP (default).")
            boolean rest;

            @Option(
                    names = "--pages",
                    description = "It is asked over HTTP with a token (OAuth 2.0), and answers page by page.")
            boolean pages;

            @Option(names = "--soap", description = "It is asked over SOAP.")
            boolean soap;

            @Option(names = "--sql", description = "It is a database.")
            boolean sql;
        }

        @ArgGroup
        @Nullable
        Asked asked;

        @Option(
                names = "--format",
                paramLabel = "<xml|json>",
                description = "Form of its answers; default: json, with --soap xml.")
        @Nullable
        String format;

        @Override
        List<Path> write() {
            Mechanism mechanism = mechanism();
            String fixed = switch (mechanism) {
                case REST, PAGES -> "";
                case SOAP -> "xml";
                case SQL -> "json";
            };
            Format chosen = format(format == null ? fixed.isEmpty() ? "json" : fixed : format);
            if (!fixed.isEmpty() && !fixed.equalsIgnoreCase(chosen.name())) {
                throw new ParameterException(
                        spec.commandLine(), "what is asked so answers in " + fixed + "; leave --format out.");
            }
            return NewFolder.register(home(), id, mechanism, chosen);
        }

        private Mechanism mechanism() {
            if (asked == null || asked.rest) {
                return Mechanism.REST;
            }
            return asked.pages ? Mechanism.PAGES : asked.soap ? Mechanism.SOAP : Mechanism.SQL;
        }

        @Override
        List<String> next() {
            return List.of(
                    "map %s               maps its samples and says what is wrong, and where",
                    "coverage %s          says which fields never reach the ELMO",
                    "put an answer of your register into samples/courses, then edit the files in the order above",
                    "start the demo once, and ask for S1234567: docs/add-a-register.md");
        }
    }

    /** A new student information system. */
    @Command(
            name = "new-sis",
            description = {
                "Writes the folders of a new student information system: it starts in the demo and takes deliveries. You"
                        + " change it line by line into the system that you have.",
                "Overwrites nothing. The guide is docs/add-a-sis.md.",
                ""
            })
    static final class Sis extends NewCommand {

        @Option(
                names = "--format",
                paramLabel = "<xml|json>",
                defaultValue = "json",
                description = "Form of what it takes and answers; default: json.")
        String format;

        @Option(names = "--resolve", description = "It is asked who the learner is.")
        boolean resolves;

        @Option(
                names = "--verify",
                description =
                        "It can be asked what it has, and is, after a lost answer; else the same id is sent once more.")
        boolean verifies;

        @Override
        List<Path> write() {
            return NewFolder.sis(home(), id, format(format), resolves, verifies);
        }

        @Override
        List<String> next() {
            return List.of(
                    "map %s               maps its samples and says what is wrong, and where",
                    "edit the files in the order above; mode, onUnknown and targetId of sis.yaml decide what is safe",
                    "start the demo once, and deliver to %s: docs/add-a-sis.md");
        }
    }
}
