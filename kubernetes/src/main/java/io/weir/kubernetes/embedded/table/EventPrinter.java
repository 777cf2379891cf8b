package io.weir.kubernetes.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.weir.kubernetes.embedded.kind.KindVersion.Column;
import io.weir.kubernetes.embedded.object.Trees;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Prints Events, whose names are of no interest. */
record EventPrinter() implements Printer {

    @Override
    public boolean beginsWithName() {
        return false;
    }

    @Override
    public List<Column> columns() {
        return List.of(
                Printer.column("Last Seen"),
                Printer.column("Type"),
                Printer.column("Reason"),
                Printer.column("Object"),
                Printer.wide("Source"),
                Printer.column("Message"),
                Printer.wide("First Seen"),
                Printer.wide("Count"),
                Printer.wide("Name"));
    }

    @Override
    public void cells(JsonNode event, Instant now, ArrayNode cells) {
        String kind = Trees.text(event, "involvedObject", "kind").toLowerCase(Locale.ROOT);
        String object = kind + "/" + Trees.text(event, "involvedObject", "name");
        String last = firstOf(event, "lastTimestamp", "eventTime");
        cells.add(Ages.since(last, now));
        cells.add(Trees.text(event, "type"));
        cells.add(Trees.text(event, "reason"));
        cells.add(object);
        cells.add(Trees.text(event, "source", "component"));
        cells.add(Trees.text(event, "message").strip());
        cells.add(Ages.since(firstOf(event, "firstTimestamp", "eventTime"), now));
        cells.add(String.valueOf(Math.max(1, event.path("count").asInt(1))));
        cells.add(Trees.name(event));
    }

    private static String firstOf(JsonNode event, String first, String second) {
        String time = Trees.text(event, first);
        return time.isEmpty() ? Trees.text(event, second) : time;
    }
}
