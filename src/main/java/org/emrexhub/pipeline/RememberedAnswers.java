package org.emrexhub.pipeline;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.stereotype.Component;

/**
 * Answers that are the same for every learner, such as a catalogue of grade scales, kept for as long as the register's
 * settings say. Never about a learner: the calling route decides by what it asks.
 */
@Component("rememberedAnswers")
class RememberedAnswers {

    private static final int MOST = 5_000;
    private static final int LONGEST = 1024 * 1024;

    private final Clock clock;
    private final Map<String, Answer> answers = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
            return size() > MOST;
        }
    };

    RememberedAnswers(Clock clock) {
        this.clock = clock;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Answer(Instant until, byte[] body) {}

    /** Sets the variable {@code remembered}, and the body if the answer to {@code url} is known and still counts. */
    public void recall(Exchange exchange) {
        Answer known = known(key(exchange));
        exchange.setVariable("remembered", known != null);
        if (known != null) {
            exchange.setVariable("httpStatus", 200);
            exchange.getMessage().setBody(known.body());
        }
    }

    /** Keeps the answer that came, for the duration of the variable {@code rememberFor}; a failure is not kept. */
    public void keep(Exchange exchange) {
        Integer status = exchange.getVariable("httpStatus", Integer.class);
        byte[] body = exchange.getMessage().getBody(byte[].class);
        boolean sound = Outside.failure(exchange).isEmpty() && status != null && status / 100 == 2;
        if (sound && body != null && body.length <= LONGEST) {
            Duration life = DurationStyle.detectAndParse(exchange.getVariable("rememberFor", String.class));
            synchronized (answers) {
                answers.put(key(exchange), new Answer(clock.instant().plus(life), body));
            }
        }
    }

    private @Nullable Answer known(String key) {
        synchronized (answers) {
            Answer answer = answers.get(key);
            if (answer != null && !clock.instant().isBefore(answer.until())) {
                answers.remove(key);
                return null;
            }
            return answer;
        }
    }

    private static String key(Exchange exchange) {
        return exchange.getVariable("register", String.class) + " " + exchange.getVariable("url", String.class);
    }
}
