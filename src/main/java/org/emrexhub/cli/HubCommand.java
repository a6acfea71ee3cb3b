package org.emrexhub.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeFaults;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IExitCodeGenerator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands have: where they work, and how they answer. */
abstract class HubCommand implements Runnable, IExitCodeGenerator {

    /** Nothing is to be mended. */
    static final int FINE = 0;

    /** The command did its work and found something to mend. */
    static final int FOUND = 1;

    /** The command line is not understood. */
    static final int USAGE = 2;

    /** Files are missing, can't be read or written, or are not what they must be. */
    static final int FILES = 3;

    /** The command met a defect of its own. */
    static final int DEFECT = 4;

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Option(
            names = "--home",
            paramLabel = "<folder>",
            description = "The folder with routes and mappings; default: EMREXHUB_HOME, else the working directory.")
    @Nullable
    Path configured;

    @Option(names = "--json", description = "Answer in JSON.")
    boolean json;

    /** Set by picocli, before anything is done. */
    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    private int code;

    /** Does the work, and gives the exit code. */
    abstract int work();

    @Override
    public final void run() {
        code = work();
    }

    @Override
    public final int getExitCode() {
        return code;
    }

    /** The home in which the command works: files that can be edited, never the jar's own copy. */
    final Path home() {
        String environment = System.getenv("EMREXHUB_HOME");
        Path home = configured != null ? configured : Path.of(environment == null ? "" : environment);
        Path absolute = home.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute.resolve("routes"))) {
            throw new HomeFaults(List.of(Fault.of(
                    absolute + " has no folder routes; work in the folder that holds routes and mappings, or name it"
                            + " by --home.")));
        }
        return absolute;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final void print(Object answer) {
        try {
            out().println(JSON.writeValueAsString(answer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, byte[] bytes) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.write(file, bytes);
        } catch (IOException unwritable) {
            throw new HomeFaults(List.of(Fault.in(file, "can't be written.")));
        }
    }
}
