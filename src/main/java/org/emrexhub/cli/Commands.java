package org.emrexhub.cli;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeFaults;
import org.springframework.boot.logging.LoggingSystem;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The commands of the jar. Without one the hub starts. */
@Command(
        name = "emrex-hub",
        description = {
            "Without a command the hub starts. The commands work on the files of a home; they need no running hub.",
            ""
        },
        synopsisSubcommandLabel = "[<command>]",
        subcommands = {MapCommand.class, CoverageCommand.class, NewCommand.Register.class, NewCommand.Sis.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing is to be mended",
            "1:something is to be mended: see what was printed",
            "2:the command line is not understood",
            "3:files are missing, can't be read or written, or are not what they must be",
            "4:a defect of the command itself"
        })
final class Commands implements Runnable {

    private static final Set<String> HELP = Set.of("-h", "--help");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    /** Whether the arguments name a command, or ask for one; all else is for the hub. */
    static boolean isMeant(String... arguments) {
        return arguments.length > 0 && (HELP.contains(arguments[0]) || !arguments[0].startsWith("-"));
    }

    /** Runs a command, and gives the exit code of the process. */
    static int run(String... arguments) {
        // Without this the libraries' own chatter would stand between the answers.
        LoggingSystem.get(Commands.class.getClassLoader()).beforeInitialize();
        return run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments);
    }

    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine line = new CommandLine(new Commands());
        line.setOut(out).setErr(err);
        line.setExecutionExceptionHandler((thrown, command, result) -> tell(thrown, command.getErr()));
        line.getSubcommands().values().forEach(command -> {
            command.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
            command.getCommandSpec()
                    .usageMessage()
                    .exitCodeList(line.getCommandSpec().usageMessage().exitCodeList());
        });
        int code = line.execute(arguments);
        out.flush();
        err.flush();
        return code;
    }

    private static int tell(Exception thrown, PrintWriter err) {
        if (thrown instanceof HomeFaults home) {
            home.faults().stream().map(Fault::toString).forEach(err::println);
            return HubCommand.FILES;
        }
        if (thrown instanceof UncheckedIOException unreadable) {
            String reason = Optional.ofNullable(unreadable.getCause())
                    .map(Throwable::getMessage)
                    .orElse("no reason is given");
            err.println("A file can't be read or written: " + reason);
            return HubCommand.FILES;
        }
        err.println("The command met a defect of its own; report it with the command line: "
                + thrown.getClass().getSimpleName() + " " + place(thrown));
        return HubCommand.DEFECT;
    }

    /** Where a defect is, without its text, which may repeat a document. */
    private static String place(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return trace.length == 0 ? "" : "at " + trace[0];
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }
}
