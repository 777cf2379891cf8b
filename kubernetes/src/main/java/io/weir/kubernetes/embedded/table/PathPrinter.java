package io.weir.kubernetes.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.weir.kubernetes.embedded.kind.KindVersion.Column;

import java.time.Instant;
import java.util.List;

/**
 * Prints what the paths of the columns find.
 *
 * @param columns the columns
 */
record PathPrinter(List<Column> columns) implements Printer {

    @Override
    public void cells(JsonNode object, Instant now, ArrayNode cells) {
        for (Column column : columns) {
            List<JsonNode> found = JsonPath.find(object, column.path());
            if (found.isEmpty() || found.getFirst().isNull()) {
                cells.addNull();
            } else {
                cell(column, found.getFirst(), now, cells);
            }
        }
    }

    private static void cell(Column column, JsonNode value, Instant now, ArrayNode cells) {
        switch (column.type()) {
            case "date" -> cells.add(Ages.since(value.asText(), now));
            case "integer", "number", "boolean" -> cells.add(value);
            default -> cells.add(value.isValueNode() ? value.asText() : value.toString());
        }
    }
}
