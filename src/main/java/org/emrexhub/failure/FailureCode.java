package org.emrexhub.failure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a transfer failed. The wire name (lower_snake) is stable and never reworded; each has a row in
 * {@code docs/operate.md}.
 */
public enum FailureCode {
    /** The register answered and does not know the learner. */
    LEARNER_NOT_FOUND(
            FailureKind.PERMANENT,
            "The register does not know this learner.",
            "Check the identifier with the institution; a corrected request is a new transfer."),
    /** The learner is known, but has no record that could be transferred. */
    NOTHING_TO_TRANSFER(
            FailureKind.PERMANENT,
            "There is no study record to transfer.",
            "Nothing to do here; the learner may have records in another register."),
    /** Two sources, or source and request, describe different people. */
    LEARNER_MISMATCH(
            FailureKind.PERMANENT,
            "The answer is about another person than the one asked for.",
            "Compare identifier and birth date of the request with the register; never deliver this document."),
    /** The register reported a fault of its own. */
    REGISTER_FAULT(
            FailureKind.PERMANENT,
            "The register refused the question with a fault.",
            "Ask the register's operator for the cause, then replay from PULL."),
    /** The register did not accept the hub's credentials. */
    REGISTER_CREDENTIALS_REFUSED(
            FailureKind.PERMANENT,
            "The register refused the hub's credentials.",
            "Correct the credentials in the configuration, restart, then replay from PULL."),
    /** The answer is not what the register's interface promises: broken, cut off, too large. */
    ANSWER_UNREADABLE(
            FailureKind.PERMANENT,
            "The register's answer could not be read.",
            "Ask the register's operator; when its answers are sound again, replay from PULL."),
    /** The row set is longer than the limit of the register. */
    ROW_LIMIT_EXCEEDED(
            FailureKind.PERMANENT,
            "The register returned more rows than its limit allows.",
            "Raise the register's row limit if the learner really has that many credits, then replay from PULL."),
    /** A code of the source has no row in the code table. */
    UNKNOWN_CODE(
            FailureKind.PERMANENT,
            "A code has no row in its code table.",
            "Add the row to the table named here, then replay from MAP, or from DELIVER if it died there."),
    /** A record of the source is neither mapped nor skipped by a named rule. */
    RECORD_UNACCOUNTED(
            FailureKind.PERMANENT,
            "A record was neither mapped nor skipped by a named rule.",
            "Mend the mapping so that it names every record once, then replay from MAP."),
    /** The stylesheet stopped for a reason that is not a code of its own. */
    MAPPING_FAILED(
            FailureKind.PERMANENT,
            "The mapping stopped at something it was not written for.",
            "Mend the stylesheet at the place named here, then replay from MAP, or from DELIVER if it died there."),
    /** The document breaks the ELMO schema. */
    SCHEMA_VIOLATION(
            FailureKind.PERMANENT,
            "The document breaks the ELMO schema.",
            "Mend the mapping at the place named here, then replay from MAP."),
    /** The signing certificate's validity is over. */
    SIGNING_KEY_EXPIRED(
            FailureKind.PERMANENT,
            "The hub's signing certificate has expired.",
            "Install a new key and certificate, restart, then replay from MAP."),
    /** At least one item was refused by the target; the others are in. */
    ITEMS_REJECTED(
            FailureKind.PERMANENT,
            "The target refused at least one item.",
            "See the items' codes; when the cause is mended, replay: only the refused items are sent."),
    /** The target did not accept the hub's credentials. */
    SIS_CREDENTIALS_REFUSED(
            FailureKind.PERMANENT,
            "The target refused the hub's credentials.",
            "Correct the credentials in the configuration, restart, then replay from DELIVER."),
    /** The target refused the whole request as malformed. */
    SIS_REQUEST_REFUSED(
            FailureKind.PERMANENT,
            "The target refused the request as a whole.",
            "Compare mapping and address with the target's interface, then replay from MAP or DELIVER."),
    /** The target does not know the person. */
    TARGET_PERSON_UNKNOWN(
            FailureKind.PERMANENT,
            "The target does not know this person.",
            "Check the target's id of the learner, or the number that they were looked up by; a corrected request is a new"
                    + " transfer."),
    /** The consent that the step needs is over or was withdrawn. */
    CONSENT_EXPIRED(
            FailureKind.PERMANENT,
            "The consent for this step has run out or was withdrawn.",
            "Ask the learner for a new consent and start a new transfer; this one can't be replayed."),
    /** An accident inside the hub. */
    HUB_DEFECT(
            FailureKind.PERMANENT,
            "The hub met a defect of its own.",
            "Look for the transfer's id in the log, report the defect, replay when it is mended."),
    /** The register can't be reached or says that it is not available. */
    REGISTER_UNAVAILABLE(
            FailureKind.TEMPORARY,
            "The register is not available.",
            "While it waits, nothing; once it is dead and the register answers again, replay from PULL."),
    /** The register did not answer in time. */
    REGISTER_TIMEOUT(
            FailureKind.TEMPORARY,
            "The register did not answer in time.",
            "While it waits, nothing; once it is dead and the register answers again, replay from PULL."),
    /** The target can't be reached or says that it is not available; nothing was sent. */
    SIS_UNAVAILABLE(
            FailureKind.TEMPORARY,
            "The target is not available; this try delivered nothing.",
            "While it waits, nothing; once it is dead and the target answers again, replay from DELIVER."),
    /** The target did not answer in time; the request may have landed. */
    SIS_TIMEOUT(
            FailureKind.UNKNOWN,
            "The target did not answer in time; the request may have landed.",
            "While it waits, nothing; once it is dead, replay: the hub settles what landed before it sends again."),
    /** The target took the request, but its answer says nothing understandable. */
    SIS_ANSWER_UNREADABLE(
            FailureKind.UNKNOWN,
            "The target's answer could not be read; the request may have landed.",
            "While it waits, nothing; once it is dead, replay: the hub settles what landed before it sends again.");

    private final FailureKind kind;
    private final String message;
    private final String next;

    FailureCode(FailureKind kind, String message, String next) {
        this.kind = kind;
        this.message = message;
        this.next = next;
    }

    /** What the hub does next. */
    public FailureKind kind() {
        return kind;
    }

    /** What happened, in one sentence for a person. */
    public String message() {
        return message;
    }

    /** What to do next, in one sentence for a person. */
    public String next() {
        return next;
    }

    /** The stable name on the wire, lower_snake. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The code with this wire name. */
    public static Optional<FailureCode> byWireName(String wireName) {
        return Arrays.stream(values())
                .filter(code -> code.wireName().equals(wireName))
                .findFirst();
    }

    @Override
    public String toString() {
        return wireName();
    }
}
