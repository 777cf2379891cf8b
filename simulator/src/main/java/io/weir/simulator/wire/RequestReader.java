package io.weir.simulator.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Reads the bodies of inference requests. Stateless, for any thread. */
public final class RequestReader {

    /** Which API a body belongs to. */
    public enum Api {
        CHAT,
        COMPLETIONS,
        RESPONSES,
        MESSAGES,
        EMBEDDINGS
    }

    private final JsonFactory json =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    /**
     * Reads a body.
     *
     * @throws RequestException when it is no valid request
     */
    public GenerationRequest read(Api api, byte[] body, int length) throws RequestException {
        return fields(api, body, length).request();
    }

    /** Reads what is to be tokenized: {@code messages} or {@code prompt}. */
    public Prompt readPrompt(byte[] body, int length) throws RequestException {
        return fields(Api.CHAT, body, length).anyPrompt();
    }

    /** Reads {@code input} of an embedding. */
    public List<Prompt> readInputs(byte[] body, int length) throws RequestException {
        return fields(Api.EMBEDDINGS, body, length).inputs();
    }

    private RequestFields fields(Api api, byte[] body, int length) throws RequestException {
        RequestFields fields = new RequestFields(api);
        try (JsonParser parser = json.createParser(body, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw RequestException.invalid("The request body must be a JSON object.", null);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                fields.read(name, parser);
            }
            if (parser.nextToken() != null) {
                throw RequestException.invalid("Text follows the request's JSON object.", null);
            }
        } catch (JsonProcessingException e) {
            throw RequestException.malformed(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return fields;
    }
}
