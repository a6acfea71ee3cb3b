package org.emrexhub.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.emrexhub.transfer.Caller;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.util.pattern.PathPattern;

/**
 * One call of the API, as the contract describes it.
 *
 * @param id its {@code operationId}, also the name of the route that answers it
 * @param address base path and path template
 * @param roles who may call it
 * @param path schema of each path variable
 * @param query schema of all query parameters as one object
 * @param header schema of all request headers as one object
 * @param body schema of the body, if one is described
 * @param bodyRequired whether a body must be there
 * @param produces media types of its successful answers
 */
record Operation(
        String id,
        HttpMethod method,
        PathPattern address,
        Set<Caller.Role> roles,
        Map<String, SchemaCheck> path,
        SchemaCheck query,
        SchemaCheck header,
        Optional<SchemaCheck> body,
        boolean bodyRequired,
        List<MediaType> produces) {}
