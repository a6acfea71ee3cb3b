package org.emrexhub.catalog;

import java.util.List;
import java.util.stream.Collectors;

/** The hub's home or configuration is not sound; carries every fault, not only the first. */
public class HomeFaults extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    public HomeFaults(List<Fault> faults) {
        super(faults.stream().map(Fault::toString).collect(Collectors.joining(System.lineSeparator())));
        this.faults = List.copyOf(faults);
    }

    /** Everything that is wrong, in the order of the files. */
    public List<Fault> faults() {
        return faults;
    }
}
