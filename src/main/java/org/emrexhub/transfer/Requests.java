package org.emrexhub.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The REQUEST document of a transfer: what the client asked for, in its encrypted place. */
@Component
public class Requests {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private final Documents documents;

    Requests(Documents documents) {
        this.documents = documents;
    }

    void put(UUID transferId, NewTransfer request, Instant now) {
        try {
            documents.put(transferId, DocumentKind.REQUEST, "", JSON.writeValueAsBytes(request), now);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A request could not be stored.");
        }
    }

    /** What the client asked for. */
    public NewTransfer of(UUID transferId) {
        return of(transferId, documents.find(transferId, DocumentKind.REQUEST, ""));
    }

    /** What the client asked for, unless it was erased. */
    public Optional<NewTransfer> find(UUID transferId) {
        return documents.find(transferId, DocumentKind.REQUEST, "").map(bytes -> of(transferId, bytes));
    }

    /** What the client asked for, out of documents that were read at once. */
    public NewTransfer of(UUID transferId, Documents.Read read) {
        return of(transferId, read.one(DocumentKind.REQUEST));
    }

    private static NewTransfer of(UUID transferId, Optional<byte[]> stored) {
        byte[] bytes = stored.orElseThrow(
                () -> new IllegalStateException("Transfer " + transferId + " has lost its request."));
        return of(transferId, bytes);
    }

    static NewTransfer of(UUID transferId, byte[] bytes) {
        try {
            return JSON.readValue(bytes, NewTransfer.class);
        } catch (IOException e) {
            // Jackson's message may quote the document.
            throw new IllegalStateException("The request of transfer " + transferId + " can't be read.");
        }
    }
}
