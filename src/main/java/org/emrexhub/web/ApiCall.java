package org.emrexhub.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.emrexhub.transfer.Caller;

/**
 * One HTTP request to the API, taken down while it is still on the servlet's thread: Camel answers on another one, where
 * Spring Security knows nobody.
 *
 * @param operation which call
 * @param caller who calls
 * @param variables of the address
 * @param query its parameters as one object; what comes more than once is an array
 * @param headers those that the contract describes, likewise
 * @param body as it came, not longer than the limit; empty if there is none
 */
record ApiCall(
        Operation operation,
        Caller caller,
        Map<String, String> variables,
        ObjectNode query,
        ObjectNode headers,
        byte[] body) {

    private static final String ATTRIBUTE = ApiCall.class.getName();

    /** Leaves the call at the servlet request. */
    void leaveAt(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /** The call that was left at the servlet request. */
    static ApiCall at(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof ApiCall call) {
            return call;
        }
        throw new IllegalStateException("a route of the API was called without passing the edge");
    }
}
