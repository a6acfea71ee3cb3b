package org.emrexhub.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.FileSystemUtils;

/** Finds the folder that holds {@code routes/} and {@code mappings/}. It is taken whole, never merged with another. */
public final class HubHome {

    private static final Logger log = LoggerFactory.getLogger(HubHome.class);
    private static final String JAR_COPY = "classpath*:home/**/*.*";
    private static final Pattern JAR_NAME = Pattern.compile(".*/home/((?:routes|mappings)/.*[^/])");

    private HubHome() {}

    /**
     * The configured home; else the working directory, if it has routes; else the jar's own copy, unpacked below the data
     * folder so that its files are files.
     */
    public static Path find(Environment environment, Path data) {
        String configured = environment.getProperty("emrexhub.home", "");
        if (!configured.isBlank()) {
            Path home = Path.of(configured).toAbsolutePath().normalize();
            if (!Files.isDirectory(home.resolve("routes"))) {
                throw new HomeFaults(List.of(Fault.of("emrexhub.home names " + home + ", which "
                        + (Files.isDirectory(home) ? "has no folder routes" : "is not a folder")
                        + "; point it to the folder that holds routes and mappings.")));
            }
            return home;
        }
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("routes")) ? here : unpack(data.resolve("home"));
    }

    static Path unpack(Path target) {
        Map<String, byte[]> files = jarCopy();
        if (files.isEmpty()) {
            throw new HomeFaults(List.of(Fault.of("There is no home: set emrexhub.home to the folder that holds routes"
                    + " and mappings, or start the hub in it.")));
        }
        try {
            if (holds(target, files)) {
                return target;
            }
            FileSystemUtils.deleteRecursively(target);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path path = target.resolve(file.getKey());
                Files.createDirectories(path.resolveSibling("").normalize());
                Files.write(path, file.getValue());
            }
            log.info(
                    "Unpacked the hub's own routes and mappings to {}; to change them, copy them elsewhere and set emrexhub.home",
                    target);
            return target;
        } catch (IOException unwritable) {
            throw new HomeFaults(List.of(Fault.of("The hub can't write its routes and mappings to " + target
                    + "; give it the right to, or set emrexhub.data to another folder.")));
        }
    }

    /** Whether the folder holds these files and no others, so that a second start leaves them alone. */
    private static boolean holds(Path target, Map<String, byte[]> files) throws IOException {
        if (!Files.isDirectory(target)) {
            return false;
        }
        try (Stream<Path> found = Files.walk(target)) {
            List<Path> present = found.filter(Files::isRegularFile).toList();
            if (present.size() != files.size()) {
                return false;
            }
            for (Path path : present) {
                String name = target.relativize(path).toString().replace('\\', '/');
                byte[] bytes = files.get(name);
                if (bytes == null || !Arrays.equals(bytes, Files.readAllBytes(path))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The files of the class path below {@code home/}, by relative name. */
    static Map<String, byte[]> jarCopy() {
        Map<String, byte[]> files = new TreeMap<>();
        try {
            PathMatchingResourcePatternResolver resolver = new PathMatchingResourcePatternResolver();
            for (Resource resource : resolver.getResources(JAR_COPY)) {
                String url = URLDecoder.decode(resource.getURL().toString(), StandardCharsets.UTF_8);
                Matcher name = JAR_NAME.matcher(url);
                if (name.matches() && resource.isReadable()) {
                    files.put(name.group(1), bytes(resource));
                }
            }
            return files;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The jar's own routes and mappings can't be read", unreadable);
        }
    }

    private static byte[] bytes(Resource resource) throws IOException {
        try (InputStream in = resource.getInputStream()) {
            return in.readAllBytes();
        }
    }
}
