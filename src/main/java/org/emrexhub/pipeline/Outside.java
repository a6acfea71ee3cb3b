package org.emrexhub.pipeline;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.emrexhub.pipeline.http.TimeLeft;

/** What an integrator's route left: a body, or the variable {@code failure} with a code. */
final class Outside {

    private static final String FAILURE = "failure";
    private static final String DETAIL = "failureDetail";

    private Outside() {}

    /** Forgets what an earlier call left. */
    static void begin(Exchange exchange) {
        exchange.removeVariable(FAILURE);
        exchange.removeVariable(DETAIL);
        TimeLeft.forget(exchange);
    }

    /** The failure that the route reported. */
    static Optional<HubFailure> failure(Exchange exchange) {
        String code = exchange.getVariable(FAILURE, String.class);
        if (code == null || code.isBlank()) {
            return Optional.empty();
        }
        String detail = exchange.getVariable(DETAIL, String.class);
        return Optional.of(FailureCode.byWireName(code)
                .map(known -> new HubFailure(known, detail))
                .orElseGet(() -> new HubFailure(
                        FailureCode.HUB_DEFECT, "a route left a failure code that the hub does not know")));
    }

    /** Throws the failure that the route reported. */
    static void requireNone(Exchange exchange) {
        failure(exchange).ifPresent(failure -> {
            throw failure;
        });
    }
}
