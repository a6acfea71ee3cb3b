package org.emrexhub.pipeline;

import java.sql.SQLException;
import org.emrexhub.failure.FailureCode;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;

/** What a failed query of a register means: driver and pool wrap the reason, the SQL state tells it. */
final class SqlFailures {

    private SqlFailures() {}

    /** The code for a query that failed; its message is not for anybody's eyes, since it repeats values. */
    static FailureCode codeOf(DataAccessException failure) {
        if (failure instanceof QueryTimeoutException) {
            return FailureCode.REGISTER_TIMEOUT;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                // SQL:2016, 24.1: class 28 is the authorization of a connection, 42501 (PostgreSQL) a missing grant.
                if (state.startsWith("28") || state.equals("42501")) {
                    return FailureCode.REGISTER_CREDENTIALS_REFUSED;
                }
                // 57014 (PostgreSQL, H2): the query was cancelled, here by its time limit.
                if (state.equals("57014")) {
                    return FailureCode.REGISTER_TIMEOUT;
                }
            }
        }
        if (failure instanceof DataAccessResourceFailureException || failure instanceof TransientDataAccessException) {
            return FailureCode.REGISTER_UNAVAILABLE;
        }
        return FailureCode.REGISTER_FAULT;
    }
}
