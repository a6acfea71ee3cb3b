package org.emrexhub.kit;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.emrexhub.catalog.SampleRegister;
import org.junit.jupiter.api.Test;

/** Every field of every register's samples reaches the ELMO, or its mapping says why not. */
class CoverageTests {

    private static final Path HOME = Path.of("").toAbsolutePath();

    @Test
    void leavesNoFieldOutWithoutAReason() {
        // Side by side, since one after the other is the longest wait of all tests.
        Map<String, Coverage> registers = SampleRegister.ids(HOME).parallelStream()
                .collect(toMap(id -> id, id -> Coverage.of(Bench.of(HOME, id), List.of())));

        assertThat(registers).isNotEmpty().allSatisfy((id, coverage) -> {
            assertThat(coverage.unexplained())
                    .as("map them, or give each its reason in mappings/registers/%s/unmapped.yaml", id)
                    .isEmpty();
            assertThat(coverage.stale())
                    .as("entries of unmapped.yaml that nothing needs")
                    .isEmpty();
            assertThat(coverage.codes()).allMatch(Coverage.CodeGap::meant);
            assertThat(coverage.mapped()).isNotEmpty();
        });
    }
}
