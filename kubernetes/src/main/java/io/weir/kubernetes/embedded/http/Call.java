package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;

import io.weir.kubernetes.embedded.engine.WriteOptions;
import io.weir.kubernetes.embedded.engine.WriteOptions.UnknownFields;
import io.weir.kubernetes.embedded.net.HttpExchange;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One request and its answer. Used by the one thread that serves it. */
final class Call {

    private static final int MAX_BODY_BYTES = 3 << 20;
    private static final int MAX_DRAINED_BYTES = 32 << 20;
    private static final int MAX_MANAGER_LENGTH = 128;

    private final HttpExchange exchange;
    private final Map<String, String> query;
    private final List<String> warnings = new ArrayList<>();

    Call(HttpExchange exchange) {
        this.exchange = exchange;
        this.query = parseQuery(exchange.query());
    }

    String method() {
        return exchange.method();
    }

    /** Returns the path, decoded, in segments. */
    List<String> segments() {
        List<String> segments = new ArrayList<>();
        for (String part : exchange.path().split("/", -1)) {
            if (!part.isEmpty()) {
                segments.add(decode(part.replace("+", "%2B")));
            }
        }
        return segments;
    }

    /** Returns a query parameter; empty when absent. */
    String parameter(String name) {
        return query.getOrDefault(name, "");
    }

    boolean flag(String name) {
        String value = query.get(name);
        return value != null && (value.isEmpty() || value.equals("true") || value.equals("1"));
    }

    long number(String name, long otherwise) {
        String value = parameter(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw ApiError.badRequest(name + ": \"" + value + "\" (expected: a whole number)");
        }
    }

    /** Returns a request header; empty when absent. */
    String header(String name) {
        return exchange.header(name);
    }

    /** Returns the media type of the body in lower case, without parameters. */
    String contentType() {
        String type = header("Content-Type");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /** Returns the body. */
    byte[] body() throws IOException {
        byte[] body = exchange.body().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            // a client that is still sending would not see the answer
            exchange.body().skip(MAX_DRAINED_BYTES);
            throw ApiError.tooLarge(MAX_BODY_BYTES);
        }
        return body;
    }

    /** Returns how a write is to be made, from the query. */
    WriteOptions writeOptions() {
        return new WriteOptions(
                fieldManager(), dryRun(parameter("dryRun")), unknownFields(), flag("force"), "");
    }

    private String fieldManager() {
        String manager = parameter("fieldManager");
        if (manager.length() > MAX_MANAGER_LENGTH) {
            throw ApiError.badRequest("fieldManager: may not be more than 128 bytes");
        }
        if (!manager.isEmpty()) {
            return manager;
        }
        String agent = header("User-Agent");
        int slash = agent.indexOf('/');
        String name = slash < 0 ? agent : agent.substring(0, slash);
        return name.isEmpty() ? "unknown" : name;
    }

    static boolean dryRun(String value) {
        if (!value.isEmpty() && !value.equals("All")) {
            throw ApiError.badRequest("dryRun: \"" + value + "\" (expected: All)");
        }
        return value.equals("All");
    }

    private UnknownFields unknownFields() {
        return switch (parameter("fieldValidation")) {
            case "Strict" -> UnknownFields.STRICT;
            case "Ignore" -> UnknownFields.IGNORE;
            case "", "Warn" -> UnknownFields.WARN;
            default ->
                    throw ApiError.badRequest(
                            "fieldValidation: \"%s\" (expected: Ignore, Warn or Strict)"
                                    .formatted(parameter("fieldValidation")));
        };
    }

    /** Adds a warning that the client shows to its user. */
    void warn(String text) {
        if (!text.isEmpty()) {
            warnings.add(text);
        }
    }

    /** Answers with JSON. */
    void reply(int code, JsonNode body) throws IOException {
        reply(code, "application/json", Trees.bytes(body));
    }

    /** Answers with bytes. */
    void reply(int code, String contentType, byte[] body) throws IOException {
        begin(contentType);
        exchange.reply(code, body);
    }

    /** Begins an answer of unknown length. This thread is interrupted when the client goes. */
    OutputStream stream(String contentType) throws IOException {
        begin(contentType);
        return exchange.stream(Thread.currentThread()::interrupt);
    }

    void setHeader(String name, String value) {
        exchange.add(name, value);
    }

    boolean isAnswered() {
        return exchange.isAnswered();
    }

    private void begin(String contentType) {
        exchange.add("Content-Type", contentType);
        exchange.add("Cache-Control", "no-cache, private");
        for (String warning : warnings) {
            String text = warning.replace("\\", "\\\\").replace("\"", "\\\"").replace('\n', ' ');
            exchange.add("Warning", "299 - \"" + text + "\"");
        }
    }

    private static Map<String, String> parseQuery(String raw) {
        Map<String, String> map = new HashMap<>();
        if (raw.isEmpty()) {
            return map;
        }
        for (String part : raw.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : part.substring(equals + 1);
            map.putIfAbsent(decode(name), decode(value));
        }
        return map;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest("malformed escape in \"" + text + "\"");
        }
    }
}
