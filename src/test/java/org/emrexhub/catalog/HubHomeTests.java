package org.emrexhub.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

class HubHomeTests {

    @Test
    void takesConfiguredHomeWhole(@TempDir Path folder) throws IOException {
        Files.createDirectory(folder.resolve("routes"));

        Path home = HubHome.find(configured(folder), folder.resolve("data"));

        assertThat(home).isEqualTo(folder).isAbsolute();
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void saysThatConfiguredHomeIsMissing(@TempDir Path folder) {
        assertThatThrownBy(() -> HubHome.find(configured(folder.resolve("nowhere")), folder))
                .isInstanceOf(HomeFaults.class)
                .hasMessage("emrexhub.home names " + folder.resolve("nowhere")
                        + ", which is not a folder; point it to the folder that holds routes and mappings.");
        assertThatThrownBy(() -> HubHome.find(configured(folder), folder))
                .hasMessageContaining("which has no folder routes");
    }

    @Test
    void unpacksCopyOfJarAndReplacesItWholeOnceItDiffers(@TempDir Path folder) throws IOException {
        Path target = HubHome.unpack(folder.resolve("home"));

        Path codes = target.resolve("mappings/elmo/elmo.xsd");
        assertThat(codes).hasSameBinaryContentAs(Path.of("mappings/elmo/elmo.xsd"));
        FileTime earlier = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(codes, earlier);
        HubHome.unpack(target);
        assertThat(Files.getLastModifiedTime(codes)).as("left alone").isEqualTo(earlier);

        Files.writeString(target.resolve("mappings/stray.xsl"), "from an older version");
        HubHome.unpack(target);
        assertThat(target.resolve("mappings/stray.xsl")).doesNotExist();
        assertThat(codes).exists();
    }

    private static MockEnvironment configured(Path home) {
        return new MockEnvironment().withProperty("emrexhub.home", home.toString());
    }
}
