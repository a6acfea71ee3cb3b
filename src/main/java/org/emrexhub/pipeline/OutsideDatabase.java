package org.emrexhub.pipeline;

import java.sql.SQLException;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.emrexhub.failure.FailureCode;
import org.emrexhub.failure.HubFailure;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/**
 * What an exception of a register's own database means. Only while a register or system is being asked: the variable
 * {@code asking} is set by the steps around the call.
 */
final class OutsideDatabase {

    private static final String INVALID_AUTHORIZATION = "28";

    private OutsideDatabase() {}

    static Optional<HubFailure> failure(Throwable thrown, Exchange exchange) {
        if (!Boolean.TRUE.equals(exchange.getVariable("asking", Boolean.class))) {
            return Optional.empty();
        }
        boolean register = "register".equals(exchange.getVariable("party", String.class));
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof SQLException sql
                    && sql.getSQLState() != null
                    && sql.getSQLState().startsWith(INVALID_AUTHORIZATION)) {
                return Optional.of(new HubFailure(
                        register ? FailureCode.REGISTER_CREDENTIALS_REFUSED : FailureCode.SIS_CREDENTIALS_REFUSED));
            }
        }
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof QueryTimeoutException) {
                return Optional.of(new HubFailure(register ? FailureCode.REGISTER_TIMEOUT : FailureCode.SIS_TIMEOUT));
            }
            if (each instanceof CannotGetJdbcConnectionException
                    || each instanceof java.sql.SQLTransientException
                    || each instanceof java.sql.SQLRecoverableException
                    || each instanceof java.sql.SQLNonTransientConnectionException) {
                return Optional.of(
                        new HubFailure(register ? FailureCode.REGISTER_UNAVAILABLE : FailureCode.SIS_UNAVAILABLE));
            }
        }
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof DataAccessException || each instanceof SQLException) {
                String state = each instanceof SQLException sql ? sql.getSQLState() : null;
                return Optional.of(new HubFailure(
                        register ? FailureCode.REGISTER_FAULT : FailureCode.SIS_REQUEST_REFUSED,
                        state == null ? "the database refused the statement" : "SQL state " + state));
            }
        }
        return Optional.empty();
    }
}
