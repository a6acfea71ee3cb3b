package org.emrexhub.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.emrexhub.catalog.Descriptor.Kind;

/** Registers of a home as their samples see them: the descriptor's own values, and no installation's settings. */
public final class SampleRegister {

    private static final String ROUTES = "routes/" + Kind.REGISTER.area;

    private SampleRegister() {}

    /** Reads one register with its stylesheet and tables, or throws all that is wrong with it. */
    public static Register read(Path home, String id) {
        Path folder = home.resolve(ROUTES).resolve(id);
        Path mapping = home.resolve("mappings").resolve(Kind.REGISTER.area).resolve(id);
        Faults faults = new Faults();
        Optional<Register> register = Optional.empty();
        if (!Files.isDirectory(folder)) {
            faults.add(Fault.in(folder, "is no folder; " + known(home)));
        } else {
            register = Descriptor.read(Kind.REGISTER, folder, faults)
                    .map(descriptor ->
                            RegisterFile.read(descriptor, mapping, DescriptorSettings.ofSamples(faults), new Xpath()));
            if (Files.isRegularFile(mapping.resolve(Kind.REGISTER.stylesheet))) {
                new MappingFolders(home, faults).checkRegister(mapping);
            } else {
                faults.add(Fault.in(mapping, "has no " + Kind.REGISTER.stylesheet + "."));
            }
        }
        if (faults.count() > 0 || register.isEmpty()) {
            throw new HomeFaults(faults.byPlace());
        }
        return register.get();
    }

    private static String known(Path home) {
        List<String> ids = ids(home);
        return ids.isEmpty() ? "this home has no register." : "there is " + String.join(", ", ids) + ".";
    }

    /** The ids of all registers, by name. */
    public static List<String> ids(Path home) {
        return folders(home.resolve(ROUTES));
    }

    /** The names of the folders in another, in their order. */
    static List<String> folders(Path area) {
        if (!Files.isDirectory(area)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(area)) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> String.valueOf(folder.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new HomeFaults(List.of(Fault.in(area, "can't be read.")));
        }
    }
}
