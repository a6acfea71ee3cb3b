package org.emrexhub.transfer;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

        /** Shorter pieces of a name are too common to tell anything about anybody. */
        private static final int TELLING = 3;

        /** Shorter pieces of a name may stand in an id by chance. */
        private static final int TELLING_IN_ID = 6;

        /** A text from outside with everything in it left out that names this learner. */
        public String hide(String text) {
            String hidden = text;
            for (String value : telling(TELLING)) {
                hidden = Pattern.compile(Pattern.quote(value), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                        .matcher(hidden)
                        .replaceAll("…");
            }
            return hidden;
        }

        /** Whether a text from outside names this learner. */
        public boolean isNamedIn(String text) {
            return !hide(text).equals(text);
        }

        /** Whether an id from outside is made of this learner's data. */
        public boolean isNamedInId(String id) {
            String text = id.toLowerCase(Locale.ROOT);
            return telling(TELLING_IN_ID).stream().anyMatch(value -> text.contains(value.toLowerCase(Locale.ROOT)));
        }

        private List<String> telling(int least) {
            Stream<String> whole = Stream.of(
                    identifier,
                    targetId == null ? "" : targetId,
                    familyName,
                    givenNames,
                    birthDate.toString(),
                    birthDate.format(DateTimeFormatter.BASIC_ISO_DATE));
            Stream<String> pieces = Stream.of(familyName, givenNames).flatMap(name -> Stream.of(name.split("[\\s-]+")));
            return Stream.concat(whole, pieces)
                    .map(String::strip)
                    .filter(value -> value.length() >= least)
                    .distinct()
                    .toList();
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
