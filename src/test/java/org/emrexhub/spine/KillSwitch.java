package org.emrexhub.spine;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Ends the hub's process at a named point, at once and without any cleaning up: before or after a step of a route, or
 * before or after a commit to the ledger. It lives in the tests' class path and wakes only in a hub that was started with
 * a {@link SideDoor}.
 *
 * <p>Points are {@code before:<step id>}, {@code after:<step id>}, {@code before:commit <name>}, {@code after:commit
 * <name>} (the transaction's method, else its thread's name without the number) and {@code any}.
 */
@Component
@ConditionalOnProperty(SideDoor.PORT)
class KillSwitch implements InterceptStrategy, TransactionExecutionListener {

    /** What the process leaves as its exit value: as if a SIGKILL had ended it. */
    static final int EXIT = 137;

    private record Armed(String point, AtomicInteger passesLeft) {}

    private final Map<String, Integer> passes = new ConcurrentHashMap<>();
    private volatile @Nullable Armed armed;

    /** The process ends when this point is passed for the n-th time from now on. */
    void arm(String point, int pass) {
        armed = new Armed(point, new AtomicInteger(pass));
    }

    /** How often each point was passed, for whoever looks for a point's name. */
    Map<String, Integer> passes() {
        return new TreeMap<>(passes);
    }

    private void passed(String point) {
        passes.merge(point, 1, Integer::sum);
        Armed now = armed;
        if (now != null
                && (now.point().equals("any") || now.point().equals(point))
                && now.passesLeft().decrementAndGet() == 0) {
            Runtime.getRuntime().halt(EXIT);
        }
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode definition, Processor target, Processor nextTarget) {
        String prefix = definition.getNodePrefixId();
        String step = prefix == null ? definition.getId() : prefix + definition.getId();
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                passed("before:" + step);
                return super.process(exchange, doneSync -> {
                    passed("after:" + step);
                    callback.done(doneSync);
                });
            }
        };
    }

    @Override
    public void beforeCommit(TransactionExecution transaction) {
        passed("before:commit " + name(transaction));
    }

    @Override
    public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
        passed("after:commit " + name(transaction));
    }

    private static String name(TransactionExecution transaction) {
        String method = transaction.getTransactionName();
        return method.isEmpty()
                ? Thread.currentThread().getName().replaceAll("[-\\d]+$", "")
                : method.substring(method.lastIndexOf('.', method.lastIndexOf('.') - 1) + 1);
    }
}
