package org.emrexhub.catalog;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.emrexhub.catalog.Descriptor.Kind;

/** Student information systems of a home as their samples see them; what {@link SampleRegister} is for registers. */
public final class SampleSis {

    private SampleSis() {}

    /** Whether the home has a student information system of this id. */
    public static boolean isThere(Path home, String id) {
        return Files.isDirectory(folder(home, id));
    }

    /** The ids of all student information systems, by name. */
    public static List<String> ids(Path home) {
        return SampleRegister.folders(home.resolve("routes").resolve(Kind.SIS.area));
    }

    /** Reads one system with its stylesheet and tables, or throws all that is wrong with it. */
    public static Sis read(Path home, String id) {
        Path folder = folder(home, id);
        Path mapping = home.resolve("mappings").resolve(Kind.SIS.area).resolve(id);
        Faults faults = new Faults();
        Optional<Sis> sis = Descriptor.read(Kind.SIS, folder, faults)
                .map(descriptor ->
                        SisFile.read(descriptor, Optional.of(mapping), DescriptorSettings.ofSamples(faults)));
        if (Files.isRegularFile(mapping.resolve(Kind.SIS.stylesheet))) {
            new MappingFolders(home, faults).checkSis(mapping);
        } else {
            faults.add(Fault.in(
                    mapping,
                    "has no " + Kind.SIS.stylesheet
                            + ": the system takes the signed document as it is, and there is nothing to map."));
        }
        if (faults.count() > 0 || sis.isEmpty()) {
            throw new HomeFaults(faults.byPlace());
        }
        return sis.get();
    }

    private static Path folder(Path home, String id) {
        return home.resolve("routes").resolve(Kind.SIS.area).resolve(id);
    }
}
