package org.emrexhub.catalog;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.emrexhub.mapping.MappingFolder;
import org.emrexhub.mapping.RegisterMapping;
import org.emrexhub.mapping.SisMapping;
import org.emrexhub.mapping.StylesheetFault;
import org.emrexhub.mapping.Stylesheets;

/** Checks stylesheets and code tables: what can be found without running them. */
final class MappingFolders {

    private final RegisterMapping registers;
    private final SisMapping sis;
    private final Stylesheets stylesheets;
    private final Path assemble;
    private final Faults faults;

    MappingFolders(Path home, Faults faults) {
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

    private void add(List<StylesheetFault> found) {
        found.forEach(fault -> faults.add(fault.file(), fault.line(), fault.text() + "."));
    }
}
