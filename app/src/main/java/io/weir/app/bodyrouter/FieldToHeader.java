package io.weir.app.bodyrouter;

import com.fasterxml.jackson.databind.JsonNode;

import io.weir.extproc.plugin.BodyMessage;
import io.weir.extproc.plugin.RequestPlugin;

import java.util.List;

/**
 * {@code body-field-to-header} of a field other than the model: its text goes into a header, which
 * is removed where there is none.
 *
 * @param field name of a top-level field
 * @param header the header
 */
public record FieldToHeader(String field, String header) implements RequestPlugin {

    @Override
    public List<String> ownHeaders() {
        return List.of(header);
    }

    @Override
    public void request(BodyMessage request) {
        JsonNode value = request.field(field);
        if (value == null || value.isNull() || value.asText("?").isEmpty()) {
            request.removeHeader(header);
        } else {
            request.setHeader(header, value.isValueNode() ? value.asText() : value.toString());
        }
    }
}
