package org.emrexhub.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.transfer.Queues;

/** The queues of one hub: what its catalogue makes of {@link Queues}. */
final class HubQueues {

    private HubQueues() {}

    /** Where work stands. */
    static List<String> working(Catalog catalog) {
        List<String> queues = new ArrayList<>();
        catalog.registers().forEach(register -> queues.add(Queues.pull(register.id())));
        queues.add(Queues.MAP);
        catalog.sis().forEach(sis -> queues.add(Queues.deliver(sis.id())));
        queues.add(Queues.EXPIRE);
        return queues;
    }

    /** All of them: those, the mirrors of their dead letters, and what no consumer could take. */
    static List<String> all(Catalog catalog) {
        List<String> working = working(catalog);
        return Stream.of(working.stream(), working.stream().map(Queues::dead), Stream.of(Queues.UNPROCESSABLE))
                .flatMap(queues -> queues)
                .toList();
    }
}
