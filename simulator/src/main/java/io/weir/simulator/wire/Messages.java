package io.weir.simulator.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.weir.simulator.wire.Prompt.Message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads conversations. */
final class Messages {

    private Messages() {}

    /** Reads {@code [{"role":…,"content":…},…]}. */
    static List<Message> list(String field, JsonParser value) throws IOException, RequestException {
        Values.require(value.currentToken() == JsonToken.START_ARRAY, field, "a list");
        List<Message> messages = new ArrayList<>();
        while (value.nextToken() != JsonToken.END_ARRAY) {
            messages.add(message(field, value));
        }
        return messages;
    }

    /** Reads a user's text or a list of messages. */
    static List<Message> textOrList(String field, JsonParser value)
            throws IOException, RequestException {
        if (value.currentToken() == JsonToken.VALUE_STRING) {
            return List.of(new Message("user", value.getText()));
        }
        return list(field, value);
    }

    /** Reads what stands apart from the conversation. */
    static Message system(String field, JsonParser value) throws IOException, RequestException {
        return new Message("system", content(field, value));
    }

    private static Message message(String field, JsonParser value)
            throws IOException, RequestException {
        Values.require(value.currentToken() == JsonToken.START_OBJECT, field, "a list of objects");
        String role = "user";
        String content = "";
        while (value.nextToken() == JsonToken.FIELD_NAME) {
            String name = value.currentName();
            value.nextToken();
            switch (name) {
                case "role" -> role = Values.string(field + ".role", value);
                case "content" -> content = content(field + ".content", value);
                default -> value.skipChildren();
            }
        }
        return new Message(role, content);
    }

    /** Reads a string, null, or a list of parts. */
    private static String content(String field, JsonParser value)
            throws IOException, RequestException {
        return switch (value.currentToken()) {
            case VALUE_STRING -> value.getText();
            case VALUE_NULL -> "";
            case START_ARRAY -> parts(field, value);
            default -> throw RequestException.invalid("`" + field + "` must be text.", field);
        };
    }

    private static String parts(String field, JsonParser value)
            throws IOException, RequestException {
        StringBuilder text = new StringBuilder();
        while (value.nextToken() != JsonToken.END_ARRAY) {
            if (value.currentToken() == JsonToken.VALUE_STRING) {
                text.append(value.getText());
            } else {
                part(field, value, text);
            }
        }
        return text.toString();
    }

    private static void part(String field, JsonParser value, StringBuilder text)
            throws IOException, RequestException {
        Values.require(value.currentToken() == JsonToken.START_OBJECT, field, "a list of parts");
        while (value.nextToken() == JsonToken.FIELD_NAME) {
            String name = value.currentName();
            value.nextToken();
            switch (name) {
                case "text", "url", "data" -> text.append(value.getValueAsString(""));
                case "image_url", "input_audio", "video_url", "source" ->
                        nested(field, value, text);
                default -> value.skipChildren();
            }
        }
    }

    private static void nested(String field, JsonParser value, StringBuilder text)
            throws IOException, RequestException {
        if (value.currentToken() == JsonToken.START_OBJECT) {
            part(field, value, text);
        } else {
            text.append(value.getValueAsString(""));
        }
    }
}
