package org.emrexhub.pipeline;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.emrexhub.delivery.LeaseLost;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.FailureKind;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.transfer.Destinations;
import org.emrexhub.transfer.NewTransfer;
import org.emrexhub.transfer.Pulls;
import org.emrexhub.transfer.Pulls.PullWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Where every exception of a step ends, by {@code routes/hub/failure-policy}: it becomes a failure code in the ledger.
 * What the ledger itself could not take is thrown on, so that the message comes again.
 */
@Component("failures")
class Failures {

    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private final Pulls pulls;
    private final Maps maps;
    private final DeliverStep deliver;
    private final Destinations destinations;

    Failures(Pulls pulls, Maps maps, DeliverStep deliver, Destinations destinations) {
        this.pulls = pulls;
        this.maps = maps;
        this.deliver = deliver;
        this.destinations = destinations;
    }

    /** Writes the exception of this exchange down. */
    public void record(Exchange exchange) throws Exception {
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        String stage = exchange.getVariable("stage", String.class);
        if (stage == null
                || isOurOwnStore(caught, exchange)
                || find(caught, LeaseLost.class).isPresent()) {
            throw caught;
        }
        HubFailure failure = find(caught, HubFailure.class)
                .or(() -> OutsideDatabase.failure(caught, exchange))
                .orElseGet(() -> defect(caught, exchange));
        switch (stage) {
            case "PULL" -> {
                PullWork work = exchange.getVariable(PullStep.WORK, PullWork.class);
                pulls.fail(work, failure.code(), safe(failure.detail(), work.learner()));
                boolean asked = failure.code() != FailureCode.HUB_DEFECT;
                note(destinations, Destinations.Kind.REGISTER, work.register(), failure.code(), asked);
            }
            case "MAP" -> {
                MapWork work = exchange.getVariable(MapStep.WORK, MapWork.class);
                maps.fail(
                        work,
                        failure.code(),
                        safe(failure.detail(), work.request().learner()));
            }
            case "DELIVER" -> {
                DeliveryRun run = DeliverStep.runOrNull(exchange);
                if (run == null) {
                    throw caught;
                }
                NewTransfer.Learner learner = run.delivery().request().learner();
                run.stop(new HubFailure(failure.code(), safe(failure.detail(), learner)));
                deliver.record(exchange);
            }
            default -> throw caught;
        }
        exchange.getMessage().setBody(null);
    }

    /** Notes what a step that failed says of the outside system that it was about. */
    static void note(Destinations destinations, Destinations.Kind kind, String id, FailureCode code, boolean asked) {
        if (speaksAgainst(code)) {
            destinations.failed(kind, id, code);
        } else if (asked) {
            destinations.succeeded(kind, id);
        } else {
            destinations.notAsked(kind, id);
        }
    }

    /** Whether a failure says that the outside system is not well, and not that it was asked for something wrong. */
    private static boolean speaksAgainst(FailureCode code) {
        return code.kind() != FailureKind.PERMANENT
                || code == FailureCode.REGISTER_CREDENTIALS_REFUSED
                || code == FailureCode.SIS_CREDENTIALS_REFUSED;
    }

    /** The ledger's own database is away or refuses: nothing can be written down, the message must come again. */
    private static boolean isOurOwnStore(Exception caught, Exchange exchange) {
        boolean data = find(caught, DataAccessException.class).isPresent()
                || find(caught, TransactionException.class).isPresent();
        return data && OutsideDatabase.failure(caught, exchange).isEmpty();
    }

    private static HubFailure defect(Exception caught, Exchange exchange) {
        // A message may quote what it was about; class names and places can't.
        log.error(
                "Transfer {}: a defect of the hub: {}",
                exchange.getVariable("transferId", String.class),
                SafeTrace.of(caught));
        return new HubFailure(FailureCode.HUB_DEFECT, caught.getClass().getSimpleName());
    }

    /** A detail names tables, files and codes; should a source have put the learner into one of these, it is masked. */
    static @Nullable String safe(@Nullable String detail, NewTransfer.Learner learner) {
        return detail == null ? null : learner.hide(detail);
    }

    private static <T extends Throwable> Optional<T> find(Throwable thrown, Class<T> type) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return Optional.of(type.cast(each));
            }
        }
        return Optional.empty();
    }
}
