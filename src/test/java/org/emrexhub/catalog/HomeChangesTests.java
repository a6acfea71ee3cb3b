package org.emrexhub.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The home as the jar ships it, with files that somebody changed. */
class HomeChangesTests {

    private static final String TABLE = "mappings/registers/fi-virta/code-tables.xml";
    private static final String ROUTE = "routes/hub/6-sign.camel.yaml";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @BeforeEach
    void unpack() {
        HubHome.unpack(home);
    }

    @Test
    void takesTheHomeAsItIsShipped() {
        assertThat(HomeChanges.faults(home, List.of())).isEmpty();
    }

    @Test
    void namesEveryChangedFileThatNothingPermits() throws IOException {
        append(TABLE, "<!-- -->");
        append(ROUTE, "# mine\n");

        assertThat(HomeChanges.faults(home, List.of()))
                .extracting(Fault::toString)
                .hasSize(2)
                .anySatisfy(fault -> assertThat(fault)
                        .contains(ROUTE + ": was changed")
                        .contains("emrexhub.permitted-changes=" + ROUTE));
        assertThat(HomeChanges.faults(home, List.of("mappings/**/code-tables.xml")))
                .extracting(Fault::file)
                .containsExactly(home.resolve(ROUTE));
        assertThat(HomeChanges.faults(home, List.of(TABLE, "routes/**"))).isEmpty();
    }

    @Test
    void leavesNewFoldersAbsentFoldersAndWhatMovesNothingAlone() throws IOException {
        Files.createDirectories(home.resolve("routes/registers/xx-mine"));
        Files.writeString(home.resolve("routes/registers/xx-mine/register.yaml"), "title: mine");
        FileSystemUtils.deleteRecursively(home.resolve("routes/sis/sisu"));
        append("routes/README.md", "mine");
        append("routes/registers/fi-virta/simulator.camel.yaml", "# mine\n");
        Path route = home.resolve(ROUTE);
        Files.writeString(route, Files.readString(route).replace("\n", "\r\n"));

        assertThat(HomeChanges.faults(home, List.of())).isEmpty();
    }

    private void append(String file, String text) throws IOException {
        Path path = home.resolve(file);
        Files.writeString(path, Files.readString(path) + text);
    }
}
