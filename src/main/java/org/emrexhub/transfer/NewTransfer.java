package org.emrexhub.transfer;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for: which registers to ask about which learner, for which target, with which consent. Checked
 * already; holds learner data, so it is never logged.
 */
public record NewTransfer(
        List<String> registers,
        String sis,
        @Nullable String purpose,
        Hold hold,
        Learner learner,
        ConsentGiven consent,
        @Nullable Decision decision) {

    /** Whether the client wants the transfer to wait before delivery. */
    public enum Hold {
        NONE,
        DECISION
    }

    /**
     * Whom it is about.
     *
     * @param identifierType {@code nationalIdentifier}, {@code nationalLearnerId}, {@code esi} or {@code studentNumber}
     * @param identifier the identifier's value
     * @param targetId the learner's id at the target
     */
    public record Learner(
            String identifierType,
            String identifier,
            @Nullable String targetId,
            String givenNames,
            String familyName,
            LocalDate birthDate) {

        /** A text from outside with everything in it left out that names this learner. */
        public String hide(String text) {
            return Traces.of(this).hide(text);
        }

        /** Whether a text from outside names this learner. */
        public boolean isNamedIn(String text) {
            return !hide(text).equals(text);
        }

        /** Whether an id from outside is made of this learner's data. */
        public boolean isNamedInId(String id) {
            return Traces.of(this).isIn(id);
        }

        @Override
        public String toString() {
            return "Learner[…]";
        }
    }

    /** The consent as the client has it. */
    public record ConsentGiven(
            String reference,
            String textVersion,
            String recipient,
            Instant givenAt,
            @Nullable Instant expiresAt) {}

    /** A decision that recognises the credits: who accepted, and when. */
    public record Decision(
            @Nullable String personId,
            String name,
            @Nullable String title,
            Instant decidedAt) {}
}
