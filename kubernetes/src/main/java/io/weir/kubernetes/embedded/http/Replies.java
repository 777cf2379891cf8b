package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.table.Tables;
import io.weir.kubernetes.embedded.table.Tables.RowObject;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Writes objects and lists in the form that the client accepts. */
final class Replies {

    private final Tables tables;

    Replies(Tables tables) {
        this.tables = tables;
    }

    void object(Call call, int code, Served served, ObjectNode object) throws IOException {
        ObjectNode body =
                switch (Accepts.of(call.header("Accept"))) {
                    case PLAIN -> object;
                    case METADATA -> Tables.partial(object);
                    case TABLE -> {
                        String version = Trees.text(object, "metadata", "resourceVersion");
                        yield tables.table(served, List.of(object), version, rowObject(call), true);
                    }
                };
        call.reply(code, body);
    }

    /**
     * Writes a list.
     *
     * @param next where the list goes on; empty when it is complete
     * @param remaining how many objects come after
     */
    void list(
            Call call,
            Served served,
            List<ObjectNode> items,
            long version,
            String next,
            long remaining)
            throws IOException {
        ObjectNode body =
                switch (Accepts.of(call.header("Accept"))) {
                    case PLAIN -> plainList(served.info().listKind(), served.apiVersion(), items);
                    case METADATA ->
                            plainList(
                                    "PartialObjectMetadataList",
                                    "meta.k8s.io/v1",
                                    items.stream().map(Tables::partial).toList());
                    case TABLE ->
                            tables.table(
                                    served, items, String.valueOf(version), rowObject(call), true);
                };
        ObjectNode metadata = Trees.metadata(body);
        metadata.put("resourceVersion", String.valueOf(version));
        if (!next.isEmpty()) {
            metadata.put("continue", next).put("remainingItemCount", remaining);
        }
        call.reply(200, body);
    }

    private static ObjectNode plainList(String kind, String apiVersion, List<ObjectNode> items) {
        ObjectNode list = Trees.object();
        list.put("kind", kind).put("apiVersion", apiVersion).putObject("metadata");
        list.putArray("items").addAll(items);
        return list;
    }

    /** Returns the object of one event of a watch. */
    ObjectNode event(Call call, Served served, ObjectNode object, boolean first) {
        return switch (Accepts.of(call.header("Accept"))) {
            case PLAIN -> object;
            case METADATA -> Tables.partial(object);
            case TABLE -> {
                String version = Trees.text(object, "metadata", "resourceVersion");
                yield tables.table(served, List.of(object), version, rowObject(call), first);
            }
        };
    }

    static RowObject rowObject(Call call) {
        return switch (call.parameter("includeObject").toLowerCase(Locale.ROOT)) {
            case "none" -> RowObject.NONE;
            case "object" -> RowObject.OBJECT;
            default -> RowObject.METADATA;
        };
    }
}
