package org.emrexhub.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** What is remembered of a catalogue, and for how long. */
class RememberedAnswersTests {

    private final SettableClock clock = new SettableClock();
    private final RememberedAnswers answers = new RememberedAnswers(clock);

    @Test
    void remembersAnAnswerForItsTime() {
        keep("se-ladok", "/scales", 200, null);

        assertThat(recall("se-ladok", "/scales")).isEqualTo("scales");
        clock.now = clock.now.plus(Duration.ofHours(1)).minusSeconds(1);
        assertThat(recall("se-ladok", "/scales")).isEqualTo("scales");
        clock.now = clock.now.plusSeconds(1);
        assertThat(recall("se-ladok", "/scales")).isNull();
    }

    @Test
    void keepsRegistersAndAddressesApart() {
        keep("se-ladok", "/scales", 200, null);

        assertThat(recall("se-ladok", "/scales?page=2")).isNull();
        assertThat(recall("pl-usos", "/scales")).isNull();
    }

    @Test
    void neverRemembersAFailure() {
        keep("se-ladok", "/scales", 404, null);
        keep("se-ladok", "/scales", 200, "register_timeout");

        assertThat(recall("se-ladok", "/scales")).isNull();
    }

    private void keep(String register, String url, int status, @org.jspecify.annotations.Nullable String failure) {
        Exchange exchange = exchange(register, url);
        exchange.setVariable("httpStatus", status);
        exchange.setVariable("rememberFor", "1h");
        if (failure != null) {
            exchange.setVariable("failure", failure);
        }
        exchange.getMessage().setBody("scales".getBytes(StandardCharsets.UTF_8));
        answers.keep(exchange);
    }

    private @org.jspecify.annotations.Nullable String recall(String register, String url) {
        Exchange exchange = exchange(register, url);
        answers.recall(exchange);
        assertThat(exchange.getVariable("remembered"))
                .isEqualTo(exchange.getMessage().getBody() != null);
        return exchange.getMessage().getBody(String.class);
    }

    private static Exchange exchange(String register, String url) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setVariable("register", register);
        exchange.setVariable("url", url);
        return exchange;
    }

    private static final class SettableClock extends Clock {

        private Instant now = Instant.parse("2026-01-15T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
