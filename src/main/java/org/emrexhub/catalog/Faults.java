package org.emrexhub.catalog;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The faults found so far: a check goes on after a fault, so that all are seen at once. */
final class Faults {

    private static final Comparator<Fault> BY_PLACE = Comparator.comparing(
                    (Fault fault) -> fault.file() == null ? "" : Fault.shown(fault.file()))
            .thenComparingInt(Fault::line);

    private final List<Fault> found = new ArrayList<>();

    void add(Fault fault) {
        found.add(fault);
    }

    void add(Path file, int line, String sentence) {
        found.add(new Fault(file, line, sentence));
    }

    int count() {
        return found.size();
    }

    List<Fault> byPlace() {
        return found.stream().distinct().sorted(BY_PLACE).toList();
    }
}
