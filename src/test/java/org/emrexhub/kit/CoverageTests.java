package org.emrexhub.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.emrexhub.catalog.SampleRegister;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every field of every register's samples reaches the ELMO, or its mapping says why not. */
@Execution(ExecutionMode.CONCURRENT)
class CoverageTests {

    private static final Path HOME = Path.of("").toAbsolutePath();

    static List<String> registers() {
        return SampleRegister.ids(HOME);
    }

    @ParameterizedTest
    @MethodSource("registers")
    void leavesNoFieldOutWithoutAReason(String register) {
        Coverage coverage = Coverage.of(Bench.of(HOME, register), List.of());

        assertThat(coverage.unexplained())
                .as("map them, or give each its reason in mappings/registers/%s/unmapped.yaml", register)
                .isEmpty();
        assertThat(coverage.stale())
                .as("entries of unmapped.yaml that nothing needs")
                .isEmpty();
        assertThat(coverage.codes()).allMatch(Coverage.CodeGap::meant);
        assertThat(coverage.mapped()).isNotEmpty();
    }
}
