package io.weir.picker.tokens;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.util.Arrays;

/**
 * Tokens as a server lists them: the first array that is called {@code tokens} or {@code
 * token_ids}.
 *
 * @param ids the tokens, of which the first {@code count} count
 * @param count how many there are
 */
@SuppressWarnings("ArrayRecordComponent")
record TokenList(int[] ids, int count) {

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads an answer.
     *
     * @throws IOException when there are no tokens in it
     */
    static TokenList read(byte[] answer) throws IOException {
        try (JsonParser in = JSON.createParser(answer)) {
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                if (token == JsonToken.START_ARRAY && isTokens(in.currentName())) {
                    return list(in);
                }
            }
        }
        throw new IOException("the answer has no tokens");
    }

    private static boolean isTokens(String name) {
        return "tokens".equals(name) || "token_ids".equals(name);
    }

    private static TokenList list(JsonParser in) throws IOException {
        int[] ids = new int[1024];
        int count = 0;
        while (in.nextToken() != JsonToken.END_ARRAY) {
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, 2 * count);
            }
            ids[count++] = (int) in.getLongValue();
        }
        return new TokenList(ids, count);
    }
}
