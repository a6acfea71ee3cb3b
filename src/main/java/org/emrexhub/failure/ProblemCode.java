package org.emrexhub.failure;

import java.util.Locale;

/** Why the API refuses a request: the {@code code} of an RFC 9457 problem, with its HTTP status and title. */
public enum ProblemCode {
    /** The request is not what the contract describes; the errors point to the places. */
    REQUEST_INVALID(400, "The request is not valid"),
    /** Nobody said who is calling. */
    UNAUTHENTICATED(401, "Who is calling is not known"),
    /** The caller's roles do not include this call. */
    FORBIDDEN(403, "This call is not allowed for your role"),
    /** There is nothing at this address for the caller's institution. */
    NOT_FOUND(404, "There is nothing here"),
    /** The method is not offered at this address. */
    METHOD_NOT_ALLOWED(405, "This method is not offered here"),
    /** No media type that the caller accepts is offered. */
    NOT_ACCEPTABLE(406, "No answer in a form that you accept"),
    /** The body did not come in time. */
    REQUEST_TIMEOUT(408, "The request took too long to arrive"),
    /** The Idempotency-Key was used before with another body. */
    IDEMPOTENCY_CONFLICT(409, "The Idempotency-Key was used with another request"),
    /** The transfer went too far to be withdrawn. */
    NOT_CANCELLABLE(409, "The transfer can no longer be cancelled"),
    /** Somebody decided before. */
    ALREADY_DECIDED(409, "This was decided before"),
    /** The stage's input is not, or no longer, there. */
    REPLAY_STAGE_UNAVAILABLE(409, "A replay can't start from this stage"),
    /** The transfer is not a dead letter. */
    NOT_DEAD(409, "The transfer is not a dead letter"),
    /** The document was not made yet. */
    NOT_READY(409, "The document is not there yet"),
    /** The learner data was kept as long as it may be. */
    ERASED(410, "The learner data was erased"),
    /** The body is longer than the limit. */
    BODY_TOO_LARGE(413, "The request is too large"),
    /** The media type is not offered. */
    UNSUPPORTED_MEDIA_TYPE(415, "The request must be JSON"),
    /** A named register is not served here. */
    REGISTER_UNKNOWN(422, "A register is not known"),
    /** The named student information system is not served here. */
    SIS_UNKNOWN(422, "The student information system is not known"),
    /** The identifier does not have the form of its type. */
    IDENTIFIER_MALFORMED(422, "The learner's identifier is malformed"),
    /** A named register does not take this type of identifier. */
    IDENTIFIER_UNSUPPORTED(422, "A register does not take this type of identifier"),
    /** The consent is not complete. */
    CONSENT_MISSING(422, "The consent is missing or not complete"),
    /** The consent is over. */
    CONSENT_EXPIRED(422, "The consent has expired"),
    /** The consent names another recipient. */
    CONSENT_WRONG_RECIPIENT(422, "The consent names another recipient"),
    /** The target needs the learner's id there, and the request does not give it. */
    TARGET_PERSON_UNKNOWN(422, "The learner's id at the target is not known"),
    /** A defect of the hub. */
    HUB_DEFECT(500, "The hub met a defect of its own"),
    /** The hub can't keep the request now. */
    HUB_UNAVAILABLE(503, "The hub can't take the request now");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The problem's title, one short sentence. */
    public String title() {
        return title;
    }

    /** The stable name on the wire, lower_snake. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
