package org.emrexhub.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.emrexhub.catalog.Descriptor.Kind;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

/** Reads a home whole and collects everything that is wrong with its descriptors and route files. */
public final class HomeCheck {

    /**
     * What was read.
     *
     * @param catalog complete only if there are no faults
     * @param defaults values of the descriptors for settings that are not configured, by whole key
     * @param unused folders of registers and systems that this installation does not use
     * @param faults ordered by file and line
     */
    public record Result(Catalog catalog, Map<String, Object> defaults, List<Path> unused, List<Fault> faults) {}

    private final Path home;
    private final Environment environment;
    private final Faults faults = new Faults();
    private final DescriptorSettings settings;
    private final Set<String> declared = new HashSet<>();
    private final List<Path> unused = new ArrayList<>();

    private HomeCheck(Path home, Environment environment) {
        this.home = home;
        this.environment = environment;
        this.settings = new DescriptorSettings(environment, faults);
    }

    /** What is wrong with the route files of this home, ordered by file and line; all else is left aside. */
    public static List<Fault> routes(Path home, Environment environment) {
        HomeCheck check = new HomeCheck(home, environment);
        Stream.of(Kind.values()).forEach(check::descriptors);
        Faults found = new Faults();
        boolean demo = environment.acceptsProfiles(Profiles.of("demo"));
        RouteFiles.check(home, demo, check::isDeclared, found);
        return found.byPlace();
    }

    /** Checks the home in this folder against the configuration. */
    public static Result check(Path home, Environment environment) {
        return new HomeCheck(home, environment).result();
    }

    private Result result() {
        Xpath xpath = new Xpath();
        List<Register> registers = new ArrayList<>();
        for (Descriptor descriptor : used(descriptors(Kind.REGISTER))) {
            registers.add(RegisterFile.read(descriptor, mapping(descriptor), settings, xpath));
        }
        List<Sis> sis = new ArrayList<>();
        for (Descriptor descriptor : used(descriptors(Kind.SIS))) {
            Optional<Path> mapping = Optional.of(mapping(descriptor)).filter(Files::isDirectory);
            Sis target = SisFile.read(descriptor, mapping, settings);
            if (target.onUnknown() == Sis.OnUnknown.VERIFY) {
                requireRoute(descriptor.folder(), "verify", "'onUnknown: verify' asks the target by it");
            }
            sis.add(target);
        }
        boolean demo = environment.acceptsProfiles(Profiles.of("demo"));
        checkMappings(demo);
        RouteFiles.check(home, demo, this::isDeclared, faults);
        return new Result(
                new Catalog(home, registers, sis, settings.certificates()),
                settings.defaults(),
                List.copyOf(unused),
                faults.byPlace());
    }

    /**
     * What this installation uses. The demo uses every folder; else a folder is in use if the configuration names it, if
     * it needs nothing, or if the configuration names none of its kind: then all that any of them needs is told.
     */
    private List<Descriptor> used(List<Descriptor> descriptors) {
        if (environment.acceptsProfiles(Profiles.of("demo"))
                || descriptors.stream().noneMatch(this::isConfigured)) {
            return descriptors;
        }
        List<Descriptor> used = new ArrayList<>();
        for (Descriptor descriptor : descriptors) {
            if (isConfigured(descriptor) || needsNothing(descriptor)) {
                used.add(descriptor);
            } else {
                settings.leaveOut(descriptor);
                unused.add(descriptor.folder());
            }
        }
        return used;
    }

    private static boolean needsNothing(Descriptor descriptor) {
        return descriptor.properties().values().stream()
                .filter(property -> descriptor.required().contains(property.name()))
                .allMatch(property -> property.standard().isPresent());
    }

    private boolean isConfigured(Descriptor descriptor) {
        return descriptor.properties().keySet().stream()
                .anyMatch(name -> environment.containsProperty(descriptor.key(name)));
    }

    private void checkMappings(boolean demo) {
        MappingFolders mappings = new MappingFolders(home, faults);
        mappings.checkCommon();
        folders(home.resolve("mappings/registers")).forEach(mappings::checkRegister);
        folders(home.resolve("mappings/sis")).forEach(mappings::checkSis);
        mappings.checkRoutes(demo);
    }

    private boolean isDeclared(String key) {
        boolean descriptors = Stream.of(Kind.values()).anyMatch(kind -> key.startsWith("emrexhub." + kind.area + "."));
        return descriptors ? declared.contains(key) : environment.containsProperty(key);
    }

    private List<Descriptor> descriptors(Kind kind) {
        Path area = home.resolve("routes").resolve(kind.area);
        List<Descriptor> descriptors = new ArrayList<>();
        for (Path folder : folders(area)) {
            checkFolder(kind, folder);
            Descriptor.read(kind, folder, faults).ifPresent(descriptors::add);
        }
        for (Path mapping : folders(home.resolve("mappings").resolve(kind.area))) {
            if (!Files.isDirectory(area.resolve(String.valueOf(mapping.getFileName())))) {
                faults.add(Fault.in(mapping, "belongs to no folder of the same name in routes/" + kind.area + "."));
            }
        }
        descriptors.forEach(
                descriptor -> descriptor.properties().keySet().forEach(name -> declared.add(descriptor.key(name))));
        return descriptors;
    }

    private void checkFolder(Kind kind, Path folder) {
        Path mapping = home.resolve("mappings").resolve(kind.area).resolve(String.valueOf(folder.getFileName()));
        if (kind == Kind.REGISTER) {
            requireRoute(folder, "pull", "the hub asks the register by it");
        } else {
            requireRoute(folder, "push", "the hub delivers by it");
        }
        if (!Files.isDirectory(mapping)) {
            // A target without a mapping gets the signed document as it is; a register can't do without.
            if (kind == Kind.REGISTER) {
                faults.add(Fault.in(folder, "has no mapping: the folder " + Fault.shown(mapping) + " is missing."));
            }
        } else if (!Files.isRegularFile(mapping.resolve(kind.stylesheet))) {
            faults.add(Fault.in(mapping, "has no " + kind.stylesheet + "."));
        }
    }

    private void requireRoute(Path folder, String verb, String why) {
        if (!Files.isRegularFile(folder.resolve(verb + RouteNames.SUFFIX))) {
            faults.add(Fault.in(folder, "has no " + verb + RouteNames.SUFFIX + ": " + why + "."));
        }
    }

    private Path mapping(Descriptor descriptor) {
        return home.resolve("mappings").resolve(descriptor.kind().area).resolve(descriptor.id());
    }

    private List<Path> folders(Path area) {
        if (!Files.isDirectory(area)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(area)) {
            return folders.filter(Files::isDirectory)
                    .filter(folder -> !String.valueOf(folder.getFileName()).startsWith("."))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        } catch (IOException unreadable) {
            faults.add(Fault.in(area, "can't be read."));
            return List.of();
        }
    }
}
