package io.weir.kubernetes.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.weir.kubernetes.embedded.kind.KindVersion.Column;

import java.time.Instant;
import java.util.List;

/** Prints the objects of one kind. */
interface Printer {

    /** Returns whether the first column is the name. */
    default boolean beginsWithName() {
        return true;
    }

    /** Returns the columns besides the name. */
    List<Column> columns();

    /** Adds one cell for each column. */
    void cells(JsonNode object, Instant now, ArrayNode cells);

    /** Returns a column that is always shown. */
    static Column column(String name) {
        return new Column(name, "string", "", "", 0);
    }

    /** Returns a column that is shown when more is asked for. */
    static Column wide(String name) {
        return new Column(name, "string", "", "", 1);
    }
}
