package org.emrexhub.transfer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.emrexhub.HubSettings;
import org.emrexhub.catalog.HomeFaults;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

class VaultConfigurationTests {

    @ParameterizedTest
    @ValueSource(strings = {"dG9vIHNob3J0", "not*Base64"})
    void tellsAKeyThatIsNoneWithoutRepeatingIt(String key, @TempDir Path data) {
        MockEnvironment demo = new MockEnvironment();
        demo.setActiveProfiles("demo");

        assertThatThrownBy(() -> new VaultConfiguration()
                        .vault(
                                new EncryptionSettings(key, "1", null),
                                new HubSettings(data, data, false, List.of()),
                                demo))
                .isInstanceOf(HomeFaults.class)
                .hasMessageStartingWith("emrexhub.encryption.key must be 32 bytes in Base64")
                .hasMessageNotContaining(key);
    }
}
