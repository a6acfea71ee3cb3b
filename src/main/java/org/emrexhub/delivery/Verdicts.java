package org.emrexhub.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.emrexhub.transfer.DocumentKind;
import org.emrexhub.transfer.Documents;
import org.emrexhub.transfer.NewTransfer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What officers decided, as the DECISION documents keep it. */
@Component
public class Verdicts {

    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new JavaTimeModule()).build();

    private final Documents documents;

    Verdicts(Documents documents) {
        this.documents = documents;
    }

    /** The decision itself, and who the learner is at the target. */
    public record Verdict(
            NewTransfer.@Nullable Decision decision,
            @Nullable String targetId) {}

    /** The decision on a transfer, out of documents that were read at once. */
    Optional<Verdict> of(UUID transferId, Documents.Read read) {
        return read.one(DocumentKind.DECISION).map(bytes -> {
            try {
                return JSON.readValue(bytes, Verdict.class);
            } catch (IOException e) {
                throw new IllegalStateException("The decision on transfer " + transferId + " can't be read.");
            }
        });
    }

    /** Keeps an officer's decision for the delivery. */
    public void keep(UUID transferId, Verdict verdict, Instant now) {
        try {
            documents.put(transferId, DocumentKind.DECISION, "", JSON.writeValueAsBytes(verdict), now);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The decision on transfer " + transferId + " can't be written.");
        }
    }
}
