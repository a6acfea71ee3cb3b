package org.emrexhub.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.emrexhub.catalog.SampleRegister;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every field of every register's samples reaches the ELMO, or its mapping says why not. */
class CoverageTests {

    private static final Path HOME = Path.of("").toAbsolutePath();

    @TestFactory
    Stream<DynamicTest> leavesNoFieldOutWithoutAReason() {
        return SampleRegister.ids(HOME).stream()
                .map(id -> dynamicTest(id, () -> {
                    Coverage coverage = Coverage.of(Bench.of(HOME, id), List.of());

                    assertThat(coverage.unexplained())
                            .as("map them, or give each its reason in mappings/registers/%s/unmapped.yaml", id)
                            .isEmpty();
                    assertThat(coverage.stale())
                            .as("entries of unmapped.yaml that nothing needs")
                            .isEmpty();
                    assertThat(coverage.codes()).allMatch(Coverage.CodeGap::meant);
                    assertThat(coverage.mapped()).isNotEmpty();
                }));
    }
}
