package org.emrexhub.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.emrexhub.mapping.MappingFolder;
import org.emrexhub.mapping.RegisterMapping;
import org.emrexhub.mapping.SisMapping;
import org.emrexhub.mapping.StylesheetFault;
import org.emrexhub.mapping.Stylesheets;

/** Checks stylesheets and code tables: what can be found without running them. */
final class MappingFolders {

    private static final Pattern NAMED = Pattern.compile("\\b(?:routes|mappings)/[\\w./-]+\\.xsl\\b");

    private final RegisterMapping registers;
    private final SisMapping sis;
    private final Stylesheets stylesheets;
    private final Path home;
    private final Path assemble;
    private final Faults faults;

    MappingFolders(Path home, Faults faults) {
        this.home = home;
        this.stylesheets = new Stylesheets(home);
        this.registers = new RegisterMapping(stylesheets);
        this.sis = new SisMapping(stylesheets);
        this.assemble = home.resolve("mappings/elmo/assemble.xsl");
        this.faults = faults;
    }

    /** The stylesheet that makes one document out of all sources; every home has one. */
    void checkCommon() {
        add(stylesheets.check(assemble));
    }

    void checkRegister(Path folder) {
        if (Files.isRegularFile(folder.resolve(Descriptor.Kind.REGISTER.stylesheet))) {
            // The descriptor's expressions are checked where their line is known.
            add(registers.check(new MappingFolder(folder, MappingFolder.Format.XML, "/", ".", Map.of())));
        }
    }

    void checkSis(Path folder) {
        if (Files.isRegularFile(folder.resolve(Descriptor.Kind.SIS.stylesheet))) {
            add(sis.check(folder));
        }
    }

    /**
     * The stylesheets that the routes name. One that reads a target's answer would else be found broken when the target has
     * the credits already.
     *
     * @param demo whether simulators are loaded; where they are not, theirs are not checked either
     */
    void checkRoutes(boolean demo) {
        try {
            Set<Path> named = new LinkedHashSet<>();
            for (Path route : RouteNames.files(home)) {
                if (demo || !RouteNames.isSimulator(route)) {
                    named.addAll(namedBy(route));
                }
            }
            named.forEach(stylesheet -> add(stylesheets.check(stylesheet)));
        } catch (IOException unreadable) {
            // The check of the routes tells of it.
        }
    }

    private Set<Path> namedBy(Path route) throws IOException {
        Set<Path> named = new LinkedHashSet<>();
        List<String> lines = Files.readAllLines(route);
        for (int line = 0; line < lines.size(); line++) {
            String text = lines.get(line);
            Matcher matcher = NAMED.matcher(text.strip().startsWith("#") ? "" : text);
            while (matcher.find()) {
                Path stylesheet = home.resolve(matcher.group());
                if (Files.isRegularFile(stylesheet)) {
                    named.add(stylesheet);
                } else {
                    faults.add(route, line + 1, "names " + matcher.group() + ", which is not there.");
                }
            }
        }
        return named;
    }

    private void add(List<StylesheetFault> found) {
        found.forEach(fault -> faults.add(fault.file(), fault.line(), fault.text() + "."));
    }
}
