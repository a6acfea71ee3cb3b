package org.emrexhub.pipeline.http;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP exchange from the first packet to the last byte of the answer, cut off at its deadline. The client's own
 * time-outs are about silence: a peer that sends a byte now and then is never too late for them.
 *
 * <p>It is also the place that knows how far the exchange came, and so whether the request may have landed.
 */
final class WholeExchange implements ExecChainHandler {

    /** Header from the route to this handler: the milliseconds that the exchange may take. Never sent. */
    static final String BUDGET = "Emrexhub-Budget";

    /** Header from the route to this handler: the file of the client certificate that is shown. Never sent. */
    static final String CERTIFICATE = "Emrexhub-Certificate";

    /** Header from this handler to the route: the {@link Outcome} of an answer whose body could not be read. */
    static final String BODY = "Emrexhub-Body";

    private static final String SENDING = "emrexhub.sending";

    private final ScheduledExecutorService timer;
    private final int limit;

    WholeExchange(ScheduledExecutorService timer, int limit) {
        this.timer = timer;
        this.limit = limit;
    }

    /** Marks the moment from which on the request may have reached the other side. */
    static ClassicHttpResponse sending(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        scope.clientContext.setAttribute(SENDING, Boolean.TRUE);
        return chain.proceed(request, scope);
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException {
        long budget = budget(request);
        if (budget <= 0) {
            throw new NoAnswer(Outcome.UNREACHABLE, "no time was left to send the request");
        }
        Header certificate = request.getFirstHeader(CERTIFICATE);
        if (certificate != null) {
            request.removeHeaders(CERTIFICATE);
            scope.clientContext.setAttribute(ClientTls.CERTIFICATE, certificate.getValue());
        }
        AtomicBoolean late = new AtomicBoolean();
        Future<?> deadline = timer.schedule(() -> cutOff(scope, late), budget, TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            readBody(response, scope, late);
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            scope.execRuntime.discardEndpoint();
            throw noAnswer(e, scope, late);
        } finally {
            deadline.cancel(false);
        }
    }

    private static long budget(ClassicHttpRequest request) {
        Header header = request.getFirstHeader(BUDGET);
        request.removeHeaders(BUDGET);
        if (header == null) {
            throw new IllegalStateException("The HTTP call was made without a time-out");
        }
        return Long.parseLong(header.getValue());
    }

    private static void cutOff(ExecChain.Scope scope, AtomicBoolean late) {
        late.set(true);
        if (scope.originalRequest instanceof Cancellable request) {
            request.cancel();
        }
    }

    /** Puts the whole body in memory; a body that can't be read becomes a remark, since the status is an answer too. */
    private void readBody(ClassicHttpResponse response, ExecChain.Scope scope, AtomicBoolean late) {
        response.removeHeaders(BODY);
        byte[] body = new byte[0];
        try {
            Header encoding = response.getFirstHeader(HttpHeaders.CONTENT_ENCODING);
            body = AnswerBody.read(response.getEntity(), encoding == null ? null : encoding.getValue(), limit);
            if (late.get()) {
                response.setHeader(BODY, Outcome.LOST);
            }
        } catch (NoAnswer e) {
            scope.execRuntime.discardEndpoint();
            response.setHeader(BODY, e.outcome());
        } catch (IOException e) {
            scope.execRuntime.discardEndpoint();
            response.setHeader(BODY, Outcome.LOST);
        }
        response.removeHeaders(HttpHeaders.CONTENT_ENCODING);
        response.setEntity(new ByteArrayEntity(body, null));
    }

    private static NoAnswer noAnswer(Exception cause, ExecChain.Scope scope, AtomicBoolean late) {
        if (cause instanceof NoAnswer known) {
            return known;
        }
        if (ClientTls.isRefusal(cause, scope.clientContext)) {
            return new NoAnswer(Outcome.REFUSED, "the other side refused the client certificate, or wants one");
        }
        if (scope.clientContext.getAttribute(SENDING) == null) {
            return new NoAnswer(Outcome.UNREACHABLE, late.get() ? "no connection in time" : unreachable(cause));
        }
        if (late.get()) {
            return new NoAnswer(Outcome.LOST, "no answer in time");
        }
        if (cause instanceof HttpException
                || cause instanceof CharacterCodingException
                || cause instanceof MessageConstraintException) {
            return new NoAnswer(Outcome.UNREADABLE, "the answer is not HTTP");
        }
        return new NoAnswer(Outcome.LOST, "the connection was lost before the answer");
    }

    private static String unreachable(@Nullable Exception cause) {
        if (cause instanceof UnknownHostException) {
            return "the host is not known";
        }
        return cause instanceof SSLException ? "no TLS connection" : "no connection";
    }
}
