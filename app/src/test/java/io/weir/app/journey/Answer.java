package io.weir.app.journey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What came back.
 *
 * @param status HTTP status
 * @param pod name of the Pod that answered; empty when none did
 * @param body the body
 */
record Answer(int status, String pod, String body) {

    /** Returns the body as JSON. */
    JsonNode json() {
        try {
            return new ObjectMapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + body, e);
        }
    }

    /** Returns the model that the answer names. */
    String model() {
        return json().path("model").asText();
    }
}
