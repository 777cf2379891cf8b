package io.weir.kubernetes.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.weir.kubernetes.embedded.kind.KindVersion.Column;
import io.weir.kubernetes.embedded.object.Trees;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Prints a few texts and the age.
 *
 * @param columns the columns, of which the last is the age
 * @param texts what makes the other cells
 */
record SimplePrinter(List<Column> columns, List<Function<JsonNode, String>> texts)
        implements Printer {

    static SimplePrinter of(String name, Function<JsonNode, String> text) {
        return new SimplePrinter(
                List.of(Printer.column(name), Printer.column("Age")), List.of(text));
    }

    SimplePrinter with(String name, Function<JsonNode, String> text) {
        List<Column> moreColumns = new ArrayList<>(columns);
        moreColumns.add(columns.size() - 1, Printer.column(name));
        List<Function<JsonNode, String>> moreTexts = new ArrayList<>(texts);
        moreTexts.add(text);
        return new SimplePrinter(moreColumns, moreTexts);
    }

    @Override
    public void cells(JsonNode object, Instant now, ArrayNode cells) {
        texts.forEach(text -> cells.add(text.apply(object)));
        cells.add(Ages.since(Trees.text(object, "metadata", "creationTimestamp"), now));
    }
}
