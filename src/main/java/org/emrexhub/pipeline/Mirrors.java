package org.emrexhub.pipeline;

import org.emrexhub.transfer.Steps.NoLongerDead;
import org.springframework.jms.JmsException;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/** Takes the mirror of a dead letter out of the broker when its transfer goes on or ends. */
@Component
class Mirrors {

    private final JmsTemplate jms;
    private final Accidents accidents;

    Mirrors(JmsTemplate jms, Accidents accidents) {
        this.accidents = accidents;
        this.jms = new JmsTemplate();
        if (jms.getConnectionFactory() != null) {
            this.jms.setConnectionFactory(jms.getConnectionFactory());
        }
        this.jms.setReceiveTimeout(JmsTemplate.RECEIVE_TIMEOUT_NO_WAIT);
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void remove(NoLongerDead gone) {
        try {
            remove(gone.deadQueue(), gone.transferId().toString(), gone.revision());
        } catch (JmsException e) {
            // The ledger is the truth; reconciliation removes the mirror later.
            accidents.note("the message of a dead letter could not be removed", e);
        }
    }

    void remove(String queue, String transferId, int revision) {
        jms.receiveSelected(
                queue,
                HubHeaders.TRANSFER_ID + " = '" + transferId + "' AND " + HubHeaders.REVISION + " = " + revision);
    }
}
