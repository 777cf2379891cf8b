package io.weir.picker.scrape;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.weir.picker.EndpointSnapshot.ServedModel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the answer to {@code GET /v1/models}. */
final class ModelsReader implements ByteSink {

    private static final int MOST_BYTES = 4 << 20;

    private final JsonFactory json;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    ModelsReader(JsonFactory json) {
        this.json = json;
    }

    @Override
    public void accept(byte[] bytes, int from, int to) {
        // What is cut off makes the JSON invalid, which is the right answer to so much of it.
        body.write(bytes, from, Math.min(to - from, MOST_BYTES - body.size()));
    }

    /** Returns the models of the answer; none when it is not a list of models. */
    List<ServedModel> read() {
        try {
            return parse();
        } catch (IOException e) {
            // Servers of other kinds answer as they please, which is no reason to shun them.
            return List.of();
        }
    }

    private List<ServedModel> parse() throws IOException {
        List<ServedModel> models = new ArrayList<>();
        try (JsonParser parser = json.createParser(body.toByteArray())) {
            expect(parser.nextToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isData = parser.currentName().equals("data");
                if (parser.nextToken() == JsonToken.START_ARRAY && isData) {
                    readCards(parser, models);
                } else {
                    parser.skipChildren();
                }
            }
            expect(parser.currentToken(), JsonToken.END_OBJECT);
        }
        return models;
    }

    private static void readCards(JsonParser parser, List<ServedModel> models) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String id = "";
            String parent = "";
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (token == JsonToken.VALUE_STRING && name.equals("id")) {
                    id = parser.getText();
                } else if (token == JsonToken.VALUE_STRING && name.equals("parent")) {
                    parent = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
            if (!id.isEmpty()) {
                models.add(new ServedModel(id, parent));
            }
        }
        expect(parser.currentToken(), JsonToken.END_ARRAY);
    }

    private static void expect(JsonToken token, JsonToken expected) throws IOException {
        if (token != expected) {
            throw new IOException("not a list of models");
        }
    }
}
