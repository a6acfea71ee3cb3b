package org.emrexhub.pipeline.http;

import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.util.Timeout;
import org.emrexhub.catalog.Catalog;
import org.emrexhub.catalog.ClientCertificate;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * The HTTP client of {@code routes/shared/http-call}: it follows nothing, remembers nothing and repeats nothing.
 *
 * <p>No redirects, since a register's redirect would carry an identifier to a place nobody configured. No retries, since
 * only the ledger decides what is sent again. A new connection for each call, since a request on a kept connection that
 * the other side has just closed can't be told from a request whose answer was lost.
 */
@Component("httpCallClient")
class HttpCallClient implements HttpClientConfigurer, DisposableBean {

    /** The longest answer, unpacked: far above any learner's records, far below the hub's memory. */
    static final int ANSWER_LIMIT = 32 * 1024 * 1024;

    private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(10);
    private static final int CONNECTIONS = 200;
    private static final int CONNECTIONS_PER_SYSTEM = 50;
    private static final int HEADER_COUNT = 200;
    private static final int HEADER_LENGTH = 16 * 1024;

    private final ScheduledThreadPoolExecutor timer;
    private final ClientTls tls;

    @Autowired
    HttpCallClient(ObjectProvider<Catalog> catalog) {
        this(catalog.stream().flatMap(each -> each.certificates().stream()).toList());
    }

    HttpCallClient(List<ClientCertificate> certificates) {
        tls = new ClientTls(certificates);
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "http-call-deadline");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableConnectionState()
                .setUserAgent("emrex-hub")
                .setConnectionReuseStrategy((request, response, context) -> false)
                .setConnectionManager(connections(tls))
                .setRoutePlanner(new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE))
                .setDefaultRequestConfig(
                        RequestConfig.custom().setRedirectsEnabled(false).build())
                .addExecInterceptorFirst("whole-exchange", new WholeExchange(timer, ANSWER_LIMIT))
                .addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), "sending", WholeExchange::sending);
    }

    private static HttpClientConnectionManager connections(ClientTls tls) {
        Http1Config limits = Http1Config.custom()
                .setMaxHeaderCount(HEADER_COUNT)
                .setMaxLineLength(HEADER_LENGTH)
                .build();
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(tls)
                .setMaxConnTotal(CONNECTIONS)
                .setMaxConnPerRoute(CONNECTIONS_PER_SYSTEM)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT_TIMEOUT)
                        .build())
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(limits)
                        // The client's own parser reads on over anything that is not HTTP, as if nothing had come.
                        .responseParserFactory(new DefaultHttpResponseParserFactory(limits))
                        .build())
                .build();
    }

    @Override
    public void destroy() {
        timer.shutdownNow();
    }
}
