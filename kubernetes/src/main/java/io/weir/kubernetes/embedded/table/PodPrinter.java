package io.weir.kubernetes.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.weir.kubernetes.embedded.kind.KindVersion.Column;
import io.weir.kubernetes.embedded.object.Trees;

import java.time.Instant;
import java.util.List;

/** Prints Pods. */
record PodPrinter() implements Printer {

    @Override
    public List<Column> columns() {
        return List.of(
                Printer.column("Ready"),
                Printer.column("Status"),
                Printer.column("Restarts"),
                Printer.column("Age"),
                Printer.wide("IP"),
                Printer.wide("Node"),
                Printer.wide("Nominated Node"),
                Printer.wide("Readiness Gates"));
    }

    @Override
    public void cells(JsonNode pod, Instant now, ArrayNode cells) {
        int ready = 0;
        int restarts = 0;
        for (JsonNode container : Trees.arrayAt(pod, "status", "containerStatuses")) {
            ready += container.path("ready").asBoolean(false) ? 1 : 0;
            restarts += container.path("restartCount").asInt(0);
        }
        cells.add(ready + "/" + Trees.arrayAt(pod, "spec", "containers").size());
        cells.add(status(pod));
        cells.add(String.valueOf(restarts));
        cells.add(Ages.since(Trees.text(pod, "metadata", "creationTimestamp"), now));
        cells.add(Cells.orNone(Trees.text(pod, "status", "podIP")));
        cells.add(Cells.orNone(Trees.text(pod, "spec", "nodeName")));
        cells.add("<none>").add("<none>");
    }

    private static String status(JsonNode pod) {
        if (Trees.isDeleting(pod)) {
            return "Terminating";
        }
        for (JsonNode container : Trees.arrayAt(pod, "status", "containerStatuses")) {
            String waiting = Trees.text(container, "state", "waiting", "reason");
            String ended = Trees.text(container, "state", "terminated", "reason");
            if (!waiting.isEmpty() || !ended.isEmpty()) {
                return waiting.isEmpty() ? ended : waiting;
            }
        }
        String reason = Trees.text(pod, "status", "reason");
        return reason.isEmpty() ? Trees.text(pod, "status", "phase") : reason;
    }
}
