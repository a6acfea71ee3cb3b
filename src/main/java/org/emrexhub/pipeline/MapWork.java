package org.emrexhub.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.emrexhub.mapping.Assembly;
import org.emrexhub.transfer.NewTransfer;

/**
 * What is to be mapped.
 *
 * @param request what the client asked for; learner data
 * @param sources the registers' answers, by register in the order of the request; learner data
 * @param missing registers that failed for good while the rest goes on
 */
record MapWork(
        UUID transferId,
        int revision,
        String sis,
        NewTransfer request,
        Map<String, byte[]> sources,
        List<Assembly.Missing> missing,
        Instant startedAt) {

    /** The same without the answers, which may be large. */
    MapWork withoutSources() {
        return new MapWork(transferId, revision, sis, request, Map.of(), missing, startedAt);
    }

    @Override
    public String toString() {
        return "MapWork[" + transferId + "]";
    }
}
