package org.emrexhub.failure;

import java.util.List;

/**
 * The API refuses a request. Becomes an RFC 9457 problem; neither detail nor errors ever repeat a value of the
 * request.
 */
public class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final transient List<Fault> faults;

    /** One place of the request that is wrong: an RFC 6901 pointer and a lower_snake code. */
    public record Fault(String pointer, String code) {}

    /** A problem with one sentence that says what to do next. */
    public Problem(ProblemCode code, String detail) {
        this(code, detail, List.of());
    }

    /** A problem that points to the places of the request. */
    public Problem(ProblemCode code, String detail, List<Fault> faults) {
        super(detail);
        this.code = code;
        this.faults = List.copyOf(faults);
    }

    /** Why the request is refused. */
    public ProblemCode code() {
        return code;
    }

    /** The places of the request that are wrong. */
    public List<Fault> faults() {
        return faults;
    }

    /** What is wrong and what to do next, one or two sentences without a value of the request. */
    public String detail() {
        String message = getMessage();
        return message == null ? code.title() : message;
    }
}
