package org.emrexhub.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.emrexhub.HubSettings;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.Register;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * The inbox of each simulated register that takes files: filled with its {@code simulator} folder at every start. A folder
 * outside the demo's data is somebody's own and never touched.
 */
@Component
@Profile("demo")
class SimulatedFolders implements InitializingBean {

    private final Catalog catalog;
    private final Path data;

    SimulatedFolders(Catalog catalog, HubSettings hub) {
        this.catalog = catalog;
        this.data = hub.data().toAbsolutePath().normalize();
    }

    @Override
    public void afterPropertiesSet() {
        for (Register register : catalog.registers()) {
            String folder = register.settings().getOrDefault("folder", "");
            Path files = register.routes().resolve("simulator");
            Path inbox = Path.of(folder).toAbsolutePath().normalize().resolve("inbox");
            if (!folder.isEmpty() && inbox.startsWith(data) && Files.isDirectory(files)) {
                copy(files, inbox);
            }
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to);
            for (Path file : files(from)) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The demo's files can't be put into " + to, e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
