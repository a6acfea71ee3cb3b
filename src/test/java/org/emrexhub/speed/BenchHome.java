package org.emrexhub.speed;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.emrexhub.spine.HomeCopy;

/** The project's home with the bench register and archive beside the real ones. */
final class BenchHome {

    private BenchHome() {}

    static Path in(Path folder) throws IOException {
        HomeCopy home = HomeCopy.in(folder);
        home.add(Path.of("src/test/resources/speed"), folder);
        // What Sisu has to know of the bench register's institution and grades.
        String tables = "mappings/sis/sisu/code-tables.xml";
        home.edit(
                tables,
                "<table name=\"institutions\">",
                "<table name=\"institutions\"><row code=\"bench.example\" urn=\"urn:code:educational-institution:99999\"/>");
        home.edit(
                tables,
                "<table name=\"international-institutions\">",
                "<table name=\"international-institutions\"><row code=\"bench.example\""
                        + " urn=\"urn:code:international-institution:BENCH\"/>");
        home.edit(
                tables,
                "<table name=\"grades\">",
                "<table name=\"grades\">"
                        + IntStream.rangeClosed(1, 5)
                                .mapToObj(grade -> "<row code=\"zz-bench:0-5/%1$d\" scale=\"sis-0-5\" grade=\"%1$d\"/>"
                                        .formatted(grade))
                                .collect(joining()));
        return home.path();
    }
}
