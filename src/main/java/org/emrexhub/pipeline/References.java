package org.emrexhub.pipeline;

import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.jms.JmsConstants;
import org.springframework.stereotype.Component;

/** Turns an outbox row into the message that refers to it: four headers and no body. */
@Component("references")
class References {

    private static final String DUPLICATE_ID = "_AMQ_DUPL_ID";

    /** Makes the message of the outbox row in the body. */
    public void write(Exchange exchange) {
        Message message = exchange.getMessage();
        Map<?, ?> row = message.getBody(Map.class);
        message.removeHeaders("*");
        message.setHeader(HubHeaders.TRANSFER_ID, text(row, "transfer_id"));
        message.setHeader(HubHeaders.REVISION, row.get("revision"));
        message.setHeader(DUPLICATE_ID, text(row, "id"));
        message.setHeader("JMSPriority", row.get("priority"));
        message.setHeader(JmsConstants.JMS_DESTINATION_NAME, row.get("queue"));
        message.setBody(null);
    }

    private static String text(Map<?, ?> row, String column) {
        return Objects.requireNonNull(row.get(column), column).toString();
    }
}
