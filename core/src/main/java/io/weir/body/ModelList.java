package io.weir.body;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The answer to {@code GET /v1/models}. */
public final class ModelList {

    private ModelList() {}

    /**
     * A model that clients may ask for.
     *
     * @param id its name in requests
     * @param parent the base model of an adapter or alias; null for a base model
     */
    public record Entry(String id, @Nullable String parent) {}

    /**
     * Returns {@code {"object":"list","data":[…]}} in UTF-8, in the order given.
     *
     * @param createdEpochSeconds when the models were made, as far as clients care
     */
    public static byte[] render(List<Entry> models, long createdEpochSeconds) {
        StringBuilder json = new StringBuilder(64 + 160 * models.size());
        json.append("{\"object\":\"list\",\"data\":[");
        for (int i = 0; i < models.size(); i++) {
            json.append(i == 0 ? "" : ",");
            append(json, models.get(i), createdEpochSeconds);
        }
        return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder json, Entry model, long createdEpochSeconds) {
        JsonText.quote(json.append("{\"id\":"), model.id());
        json.append(",\"object\":\"model\",\"created\":").append(createdEpochSeconds);
        json.append(",\"owned_by\":\"weir\"");
        JsonText.quote(json.append(",\"root\":"), model.id());
        JsonText.quoteOrNull(json.append(",\"parent\":"), model.parent());
        json.append('}');
    }
}
