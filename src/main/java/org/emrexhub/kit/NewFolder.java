package org.emrexhub.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.emrexhub.catalog.Fault;
import org.emrexhub.catalog.HomeFaults;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.mapping.MappingFolder.Format;
import org.emrexhub.mapping.Pretty;

/** The folders of a new system: whole, started at once, mapping a sample, and meant to be changed line by line. */
public final class NewFolder {

    /** How a register is asked. */
    public enum Mechanism {
        REST,
        /** Over HTTP, with a token, page by page. */
        PAGES,
        SOAP,
        SQL
    }

    /** The key of an invented credit that another one replaces. */
    private static final String REPLACED = "zY9xW7vU5tS3rQ1-pN9mL7kJ5hG3fE1dC9bA7zX5_W3";

    private static final String TEMPLATES = "/org/emrexhub/kit/new/";
    private static final String ID = "xx-example";

    private final Path home;
    private final String area;
    private final String id;
    private final Map<Path, String> files = new LinkedHashMap<>();

    /** What is made of the files by the commands that the integrator uses. */
    private final List<Path> derived = new ArrayList<>();

    private NewFolder(Path home, String area, String id) {
        this.home = home;
        this.area = area;
        this.id = id;
    }

    /** Whether a folder may be called so. */
    public static boolean isId(String id) {
        return id.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    }

    /**
     * Writes a register that can be asked in the demo.
     *
     * @return the files, in the order in which they are edited
     */
    public static List<Path> register(Path home, String id, Mechanism mechanism, Format format) {
        NewFolder folder = new NewFolder(home, "registers", id);
        String routes = "register/" + mechanism.name().toLowerCase(Locale.ROOT) + "/";
        String suffix = format.name().toLowerCase(Locale.ROOT);
        String mappings = "register/" + suffix + "/";
        boolean rows = mechanism == Mechanism.SQL;
        boolean pages = mechanism == Mechanism.PAGES;
        String records = rows ? "/j:array/j:map" : "//j:array[@key='records']/j:map";
        Map<String, String> gaps = new LinkedHashMap<>();
        gaps.put("#format", suffix);
        gaps.put("#form\n", template(mappings + "form.yaml"));
        gaps.put("#records", records);
        gaps.put("#learner", rows ? records + "[1]" : "//j:map[@key='learner']");
        gaps.put(
                "#next", format == Format.XML ? "/*:records/@more = 'true'" : "/j:map/j:boolean[@key='more'] = 'true'");
        folder.routes("register.yaml", fill(template(routes + "register.yaml"), gaps));
        folder.routes("pull.camel.yaml", fill(template(routes + "pull.camel.yaml"), gaps));
        if (mechanism == Mechanism.SOAP) {
            folder.routes("question.xsl", template(routes + "question.xsl"));
        }
        if (pages) {
            folder.routes("ask.camel.yaml", fill(template(routes + "ask.camel.yaml"), gaps));
            gaps.put("#recorded\n", template(routes + "recorded." + suffix + ".txt"));
            folder.routes("simulator.xsl", fill(template(routes + "simulator.xsl"), gaps));
        }
        if (rows) {
            folder.routes("simulator.sql", template(routes + "simulator.sql"));
        } else {
            folder.routes("simulator.camel.yaml", fill(template(routes + "simulator.camel.yaml"), gaps));
        }
        folder.routes("contract.yaml", template(routes + "contract.yaml"));
        folder.routes("README.md", template("register/routes-README.txt"));
        folder.mappings("to-elmo.xsl", fill(template(mappings + "to-elmo.xsl"), gaps));
        folder.mappings("code-tables.xml", template("register/code-tables.xml"));
        String reasons = template("register/unmapped.yaml");
        String paging = format == Format.XML ? "//@more" : "//more";
        folder.mappings(
                Coverage.REASONS,
                pages ? reasons + paging + ": tells the route that there is another page\n" : reasons);
        String kind = mechanism.name().toLowerCase(Locale.ROOT);
        String courses = template(mappings + "courses." + kind + "." + suffix);
        folder.mappings("samples/courses/input." + suffix, courses);
        String unknown = courses.replace("\"grade\": \"B\"", "\"grade\": \"Z\"").replace(">B<", ">Z<");
        folder.refused("unknown-grade", suffix, unknown, FailureCode.UNKNOWN_CODE);
        if (format == Format.XML && !pages) {
            String nobody = template(mappings + "unknown-learner." + kind + "." + suffix);
            folder.refused("unknown-learner", suffix, nobody, FailureCode.LEARNER_NOT_FOUND);
        }
        folder.mappings("README.md", template("register/mappings-README.txt"));
        return folder.write(() -> {
            Bench bench = Bench.of(home, id);
            for (Sample sample : bench.samples()) {
                if (sample.failure().isEmpty()) {
                    byte[] result =
                            bench.map(sample.bytes(), sample.parameters()).xml();
                    folder.derived(sample.input().resolveSibling("elmo.xml"), Pretty.xml(result));
                }
            }
        });
    }

    /**
     * Writes a student information system that takes deliveries in the demo.
     *
     * @param format of its questions and answers
     * @param resolves whether it is asked who the learner is
     * @param verifies whether it is asked what it has
     * @return the files, in the order in which they are edited
     */
    public static List<Path> sis(Path home, String id, Format format, boolean resolves, boolean verifies) {
        NewFolder folder = new NewFolder(home, "sis", id);
        String suffix = format.name().toLowerCase(Locale.ROOT);
        Map<String, String> gaps = new LinkedHashMap<>();
        gaps.put("#FORMAT", format.name());
        gaps.put("#requires", resolves ? "[]" : "[targetId]");
        gaps.put("#onUnknown", verifies ? "verify" : "resend-same-id");
        gaps.put("#type", "application/" + suffix);
        gaps.put("#read", format == Format.JSON ? "applyToJson" : "apply");
        folder.routes("sis.yaml", fill(template("sis/sis.yaml"), gaps));
        folder.routes("push.camel.yaml", fill(template("sis/push.camel.yaml"), gaps));
        folder.routes("answer.xsl", template("sis/" + suffix + "/answer.xsl"));
        if (resolves) {
            folder.routes("resolve.camel.yaml", fill(template("sis/resolve.camel.yaml"), gaps));
            folder.routes("who.xsl", template("sis/" + suffix + "/who.xsl"));
            folder.routes("person.xsl", template("sis/" + suffix + "/person.xsl"));
        }
        if (verifies) {
            folder.routes("verify.camel.yaml", fill(template("sis/verify.camel.yaml"), gaps));
            folder.routes("which.xsl", template("sis/" + suffix + "/which.xsl"));
            folder.routes("there.xsl", template("sis/" + suffix + "/there.xsl"));
        }
        folder.routes("simulator.camel.yaml", template("sis/simulator.camel.yaml"));
        folder.routes("simulator.xsl", template("sis/" + suffix + "/simulator.xsl"));
        folder.routes("README.md", template("sis/routes-README.txt"));
        folder.mappings("from-elmo.xsl", template("sis/" + suffix + "/from-elmo.xsl"));
        folder.mappings("code-tables.xml", template("sis/code-tables.xml"));
        String delivery = template("sis/second-course.xml");
        folder.mappings("samples/second-course/input.xml", delivery);
        folder.mappings(
                "samples/replaced-course/input.xml",
                delivery.replace(" loi=", " supersedes=\"emrex-" + REPLACED + "\" loi="));
        folder.refused(
                "unknown-credit-scheme", "xml", delivery.replace(">ects<", ">points<"), FailureCode.UNKNOWN_CODE);
        folder.mappings("README.md", template("sis/mappings-README.txt"));
        return folder.write(() -> {
            SisBench bench = SisBench.of(home, id);
            for (Sample sample : bench.samples()) {
                SisTrial trial = SisTrial.of(bench, sample);
                if (trial.expected() != null && trial.payload() != null) {
                    folder.derived(trial.expected(), trial.payload().getBytes(StandardCharsets.UTF_8));
                }
            }
        });
    }

    private interface Last {
        void step() throws IOException;
    }

    /** Writes all files and then what is made of them; nothing of it if a folder is there already. */
    private List<Path> write(Last last) {
        List<Fault> there = new ArrayList<>();
        for (Path folder : List.of(home.resolve("routes").resolve(area).resolve(id), mapping())) {
            if (Files.exists(folder)) {
                there.add(Fault.in(folder, "is there already; nothing was written. Choose another id, or remove it."));
            }
        }
        if (!there.isEmpty()) {
            throw new HomeFaults(there);
        }
        try {
            for (Map.Entry<Path, String> file : files.entrySet()) {
                write(file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
            }
            last.step();
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        return Stream.concat(files.keySet().stream(), derived.stream()).toList();
    }

    private void derived(Path file, byte[] bytes) throws IOException {
        write(file, bytes);
        derived.add(file);
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.resolveSibling("").normalize());
        Files.write(file, bytes);
    }

    private Path mapping() {
        return home.resolve("mappings").resolve(area).resolve(id);
    }

    private void routes(String name, String text) {
        files.put(home.resolve("routes").resolve(area).resolve(id).resolve(name), text.replace(ID, id));
    }

    private void mappings(String name, String text) {
        files.put(mapping().resolve(name), text.replace(ID, id));
    }

    private void refused(String sample, String suffix, String input, FailureCode code) {
        mappings("samples/" + sample + "/input." + suffix, input);
        mappings("samples/" + sample + "/failure.txt", code.wireName() + "\n");
    }

    private static String fill(String template, Map<String, String> gaps) {
        String filled = template;
        for (Map.Entry<String, String> gap : gaps.entrySet()) {
            filled = filled.replace(gap.getKey(), gap.getValue());
        }
        return filled;
    }

    private static String template(String name) {
        try (InputStream in = NewFolder.class.getResourceAsStream(TEMPLATES + name)) {
            if (in == null) {
                throw new IllegalStateException("The hub's jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
