package io.weir.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.simulator.http.Exchange;
import io.weir.simulator.http.HttpRequest;
import io.weir.simulator.wire.ErrorBody;
import io.weir.simulator.wire.RequestException;
import io.weir.simulator.wire.WireFormat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Short answers, and JSON trees for requests that are rare. */
final class Replies {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final byte[] EMPTY = {};

    private Replies() {}

    static void empty(Exchange exchange) {
        exchange.reply(200, "text/plain; charset=utf-8", EMPTY);
    }

    static void text(Exchange exchange, int status, String text) {
        exchange.reply(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static void json(Exchange exchange, JsonNode tree) {
        exchange.reply(200, WireFormat.JSON, tree.toString().getBytes(StandardCharsets.UTF_8));
    }

    static void error(Exchange exchange, int status, String message) {
        exchange.reply(status, WireFormat.JSON, ErrorBody.render(status, message, null));
    }

    static void error(Exchange exchange, RequestException refusal) {
        exchange.reply(refusal.status(), WireFormat.JSON, refusal.body());
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Reads a body that must be a JSON object. */
    static ObjectNode tree(HttpRequest request) throws RequestException {
        try {
            JsonNode tree = MAPPER.readTree(request.body(), 0, request.bodyBytes());
            if (tree instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw RequestException.malformed(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw RequestException.invalid("The request body must be a JSON object.", null);
    }
}
