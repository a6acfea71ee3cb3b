package org.emrexhub.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.Map;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** Sends answers: the last step of every route of the API. */
@Component
public class Answers {

    /** What has no value is absent, instants are RFC 3339 in UTC. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    /** Replaces the exchange's message, and with it every header of the request, by the answer. */
    public void send(Answer answer, Exchange exchange) throws JsonProcessingException {
        byte[] body = answer.body() instanceof byte[] bytes ? bytes : JSON.writeValueAsBytes(answer.body());
        send(exchange, answer.status(), answer.mediaType().toString(), answer.headers(), body);
    }

    static void send(Exchange exchange, int status, String mediaType, Map<String, String> headers, byte[] body) {
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, mediaType);
        headers.forEach(exchange.getMessage()::setHeader);
        exchange.getMessage().setBody(body);
    }
}
