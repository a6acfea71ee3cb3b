package org.emrexhub.deadletter;

import java.util.ArrayList;
import java.util.List;
import org.emrexhub.transfer.Sql;
import org.emrexhub.transfer.TransferFilter;

/** A filter over dead letters as the {@code where} of a statement over {@code transfer t}. */
final class DeadLetterQuery {

    private final StringBuilder where = new StringBuilder(" where t.status = 'DEAD_LETTERED'");
    private final List<Object> arguments = new ArrayList<>();

    DeadLetterQuery(TransferFilter filter) {
        if (filter.institution() != null) {
            and("t.institution = ?", filter.institution());
        }
        if (filter.stage() != null) {
            and("t.stage = ?", filter.stage().name());
        }
        if (filter.sis() != null) {
            and("t.sis = ?", filter.sis());
        }
        if (filter.register() != null) {
            and(
                    "exists (select 1 from transfer_source s where s.transfer_id = t.id and s.register = ?)",
                    filter.register());
        }
        if (filter.destination() != null) {
            and("t.dead_destination = ?", filter.destination());
        }
        if (filter.failureCode() != null) {
            and("t.failure_code = ?", filter.failureCode().wireName());
        }
        if (filter.from() != null) {
            and("t.created_at >= ?", Sql.at(filter.from()));
        }
        if (filter.to() != null) {
            and("t.created_at < ?", Sql.at(filter.to()));
        }
        if (!filter.ids().isEmpty()) {
            where.append(" and t.id in (")
                    .append("?, ".repeat(filter.ids().size() - 1))
                    .append("?)");
            arguments.addAll(filter.ids());
        }
    }

    private void and(String condition, Object argument) {
        where.append(" and ").append(condition);
        arguments.add(argument);
    }

    String where() {
        return where.toString();
    }

    Object[] arguments() {
        return arguments.toArray();
    }
}
