package io.weir.extproc.router;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;

import io.weir.extproc.plugin.BodyMessage;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.Headers;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A message that plugins read and change. Used by one thread at a time. */
final class PluginMessage implements BodyMessage {

    /** Numbers stay as they were written. */
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private final Headers received;
    private final Map<Class<?>, Object> kept;
    private final Map<String, Optional<String>> headers = new LinkedHashMap<>();
    private ByteString body;
    private @Nullable ObjectNode fields;
    private boolean fieldsChanged;
    private boolean bodyChanged;

    /**
     * @param kept what plugins keep for each other
     */
    PluginMessage(Headers received, ByteString body, Map<Class<?>, Object> kept) {
        this.received = received;
        this.body = body;
        this.kept = kept;
    }

    /** Returns whether the body is a JSON object. */
    boolean isObject() {
        return object() != null;
    }

    /** Returns whether some plugin changed the body. */
    boolean bodyHasChanged() {
        return bodyChanged || fieldsChanged;
    }

    /** Returns the body as it is now. */
    ByteString bytes() {
        if (fieldsChanged && fields != null) {
            body = ByteString.copyFromUtf8(fields.toString());
            bodyChanged = true;
            fieldsChanged = false;
        }
        return body;
    }

    /** Adds what plugins did to the headers. */
    void applyTo(Changes changes) {
        headers.forEach((name, value) -> {
            if (value.isPresent()) {
                changes.set(name, value.get());
            } else {
                changes.remove(name);
            }
        });
    }

    @Override
    public @Nullable String header(String name) {
        Optional<String> changed = headers.get(name);
        return changed == null ? received.get(name) : changed.orElse(null);
    }

    @Override
    public void setHeader(String name, String value) {
        boolean fits = value.chars().allMatch(c -> (c >= ' ' && c != 0x7f) || c == '\t');
        headers.put(name, fits ? Optional.of(value) : Optional.empty());
    }

    @Override
    public void removeHeader(String name) {
        headers.put(name, Optional.empty());
    }

    @Override
    public String body() {
        return bytes().toString(StandardCharsets.UTF_8);
    }

    @Override
    public void setBody(String text) {
        body = ByteString.copyFromUtf8(text);
        fields = null;
        fieldsChanged = false;
        bodyChanged = true;
    }

    @Override
    public @Nullable JsonNode field(String name) {
        ObjectNode object = object();
        return object == null ? null : object.get(name);
    }

    @Override
    public void setField(String name, JsonNode value) {
        writable().set(name, value);
        fieldsChanged = true;
    }

    @Override
    public void removeField(String name) {
        fieldsChanged |= writable().remove(name) != null;
    }

    private ObjectNode writable() {
        ObjectNode object = object();
        if (object == null) {
            throw new IllegalStateException("the body is no JSON object");
        }
        return object;
    }

    private @Nullable ObjectNode object() {
        if (fields == null) {
            try {
                fields =
                        JSON.readTree(body.toStringUtf8()) instanceof ObjectNode found
                                ? found
                                : null;
            } catch (JsonProcessingException e) {
                return null;
            }
        }
        return fields;
    }

    @Override
    public <T> void keep(Class<T> type, T value) {
        kept.put(type, value);
    }

    @Override
    public <T> @Nullable T kept(Class<T> type) {
        return type.cast(kept.get(type));
    }
}
