package org.emrexhub.pipeline;

/** The headers that cross a queue: a message is a reference to the ledger and holds nothing else. */
final class HubHeaders {

    /** Id of the transfer, a UUID as text. */
    static final String TRANSFER_ID = "HubTransferId";

    /** Number of the step that is due. */
    static final String REVISION = "HubRevision";

    private HubHeaders() {}
}
