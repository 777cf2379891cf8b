package io.weir.kubernetes.embedded.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.KindVersion.Column;
import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.Trees;

import java.time.InstantSource;
import java.util.List;

/** Makes {@code meta.k8s.io/v1} Tables. */
public final class Tables {

    private final Printers printers = new Printers();
    private final InstantSource clock;

    public Tables(InstantSource clock) {
        this.clock = clock;
    }

    /** What each row carries besides its cells. */
    public enum RowObject {
        NONE,
        METADATA,
        OBJECT
    }

    /**
     * Makes a table.
     *
     * @param version resource version of the table; empty for none
     * @param headings whether the columns are described; later tables of a watch don't
     */
    public ObjectNode table(
            Served served,
            List<ObjectNode> objects,
            String version,
            RowObject rowObject,
            boolean headings) {
        Printer printer = printers.of(served);
        ObjectNode table = Trees.object();
        table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        ObjectNode metadata = table.putObject("metadata");
        if (!version.isEmpty()) {
            metadata.put("resourceVersion", version);
        }
        ArrayNode definitions = table.putArray("columnDefinitions");
        if (headings) {
            headings(printer, definitions);
        }
        ArrayNode rows = table.putArray("rows");
        objects.forEach(object -> row(printer, object, rowObject, rows.addObject()));
        return table;
    }

    private static void headings(Printer printer, ArrayNode definitions) {
        if (printer.beginsWithName()) {
            heading(definitions, new Column("Name", "string", "", "", 0)).put("format", "name");
        }
        printer.columns().forEach(column -> heading(definitions, column));
    }

    private static ObjectNode heading(ArrayNode definitions, Column column) {
        ObjectNode node = definitions.addObject();
        node.put("name", column.name());
        node.put("type", column.type().equals("date") ? "string" : column.type());
        node.put("format", "");
        node.put("description", column.description());
        node.put("priority", column.priority());
        return node;
    }

    private void row(Printer printer, ObjectNode object, RowObject rowObject, ObjectNode row) {
        ArrayNode cells = row.putArray("cells");
        if (printer.beginsWithName()) {
            cells.add(Trees.name(object));
        }
        printer.cells(object, clock.instant(), cells);
        switch (rowObject) {
            case NONE -> {}
            case METADATA -> row.set("object", partial(object));
            case OBJECT -> row.set("object", object);
        }
    }

    /** Returns the metadata of an object, as an object. */
    public static ObjectNode partial(ObjectNode object) {
        ObjectNode partial = Trees.object();
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", Trees.at(object, "metadata"));
        return partial;
    }
}
