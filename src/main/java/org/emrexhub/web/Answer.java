package org.emrexhub.web;

import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * What a call is answered with.
 *
 * @param headers besides the media type
 * @param body bytes as they are, or a value that becomes JSON
 */
public record Answer(int status, MediaType mediaType, Map<String, String> headers, Object body) {

    /** An ordinary answer. */
    static Answer ok(Object body) {
        return new Answer(200, MediaType.APPLICATION_JSON, Map.of(), body);
    }

    /** Taken on; the work goes on at the location. */
    static Answer accepted(String location, Object body) {
        return new Answer(202, MediaType.APPLICATION_JSON, Map.of(HttpHeaders.LOCATION, location), body);
    }

    /** A document to keep. */
    static Answer document(String fileName, byte[] bytes) {
        return new Answer(
                200,
                MediaType.APPLICATION_XML,
                Map.of(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + fileName + "\""),
                bytes);
    }
}
