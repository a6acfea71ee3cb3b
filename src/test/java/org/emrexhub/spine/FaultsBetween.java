package org.emrexhub.spine;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.emrexhub.spine.RegisterContract.Credentials;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;
import org.springframework.web.util.WebUtils;

/** Stands between the hub and the simulated registers and does to a call what a network or an operator could do to it. */
final class FaultsBetween extends OncePerRequestFilter {

    private static final String PREFIX = "/simulators/";
    private static final String CERTIFICATE = "jakarta.servlet.request.X509Certificate";

    private enum Fault {
        NONE,
        SLOW,
        BROKEN,
        OTHER_CREDENTIALS
    }

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Fault fault = Fault.NONE;
    private volatile Credentials credentials = Credentials.none();
    private volatile CountDownLatch slow = new CountDownLatch(0);

    FilterRegistrationBean<FaultsBetween> registration() {
        FilterRegistrationBean<FaultsBetween> bean = new FilterRegistrationBean<>(this);
        bean.addUrlPatterns(PREFIX + "*");
        bean.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
        bean.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return bean;
    }

    /** No call is answered before the next change. */
    void slow() {
        slow = new CountDownLatch(1);
        fault = Fault.SLOW;
    }

    /** Every answer ends in its middle. */
    void broken() {
        fault = Fault.BROKEN;
    }

    /** Whatever the hub shows to make itself known is another than agreed. */
    void otherCredentials(Credentials where) {
        credentials = where;
        fault = Fault.OTHER_CREDENTIALS;
    }

    /** Calls and answers go through as they are, and none was asked yet. */
    void none() {
        fault = Fault.NONE;
        slow.countDown();
        asked.clear();
    }

    /** Path and query of every call since. */
    List<String> asked() {
        return asked;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isAsyncDispatch(request)) {
            chain.doFilter(request, response);
            cut(request, WebUtils.getNativeResponse(response, ContentCachingResponseWrapper.class));
            return;
        }
        String query = request.getQueryString();
        asked.add(request.getRequestURI() + (query == null ? "" : "?" + query));
        switch (fault) {
            case NONE -> chain.doFilter(request, response);
            case SLOW -> {
                await();
                response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            }
            case BROKEN -> {
                ContentCachingResponseWrapper whole = new ContentCachingResponseWrapper(response);
                chain.doFilter(request, whole);
                cut(request, whole);
            }
            case OTHER_CREDENTIALS -> chain.doFilter(new OtherCredentials(request, credentials), response);
        }
    }

    private void cut(HttpServletRequest request, @Nullable ContentCachingResponseWrapper response) throws IOException {
        if (response == null || isAsyncStarted(request)) {
            return;
        }
        byte[] whole = response.getContentAsByteArray();
        response.resetBuffer();
        response.getResponse().getOutputStream().write(Arrays.copyOf(whole, whole.length / 2));
    }

    private void await() {
        try {
            boolean released = slow.await(60, TimeUnit.SECONDS);
            if (!released) {
                throw new IllegalStateException("a slow call was forgotten");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class OtherCredentials extends HttpServletRequestWrapper {

        private final Credentials where;
        private byte @Nullable [] body;

        OtherCredentials(HttpServletRequest request, Credentials where) {
            super(request);
            this.where = where;
        }

        @Override
        public @Nullable String getHeader(String name) {
            String value = super.getHeader(name);
            boolean spoilt = value != null && name.equalsIgnoreCase(where.header());
            return spoilt ? spoil(Objects.requireNonNull(value)) : value;
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            String value = getHeader(name);
            return value == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(value));
        }

        /** The scheme stays, since a wrong secret is meant and not a wrong protocol. */
        private static String spoil(String value) {
            int scheme = value.indexOf(' ') + 1;
            return value.substring(0, scheme) + new StringBuilder(value.substring(scheme)).reverse();
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            return where.certificate() && name.equals(CERTIFICATE) ? null : super.getAttribute(name);
        }

        @Override
        public int getContentLength() {
            return where.body() == null ? super.getContentLength() : body().length;
        }

        @Override
        public long getContentLengthLong() {
            return getContentLength();
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return where.body() == null ? super.getInputStream() : new Bytes(body());
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return where.body() == null
                    ? super.getReader()
                    : new BufferedReader(new StringReader(new String(body(), StandardCharsets.UTF_8)));
        }

        private byte[] body() {
            byte[] spoilt = body;
            if (spoilt == null) {
                try {
                    String text = new String(super.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    spoilt = text.replace(String.valueOf(where.body()), "another")
                            .getBytes(StandardCharsets.UTF_8);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                body = spoilt;
            }
            return spoilt;
        }
    }

    private static final class Bytes extends ServletInputStream {

        private final ByteArrayInputStream bytes;

        Bytes(byte[] bytes) {
            this.bytes = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(jakarta.servlet.ReadListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}
