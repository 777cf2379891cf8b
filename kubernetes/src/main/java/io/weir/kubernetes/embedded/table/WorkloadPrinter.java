package io.weir.kubernetes.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.weir.kubernetes.embedded.kind.KindVersion.Column;
import io.weir.kubernetes.embedded.object.Trees;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Prints Deployments and ReplicaSets.
 *
 * @param deployment whether it is Deployments
 */
record WorkloadPrinter(boolean deployment) implements Printer {

    @Override
    public List<Column> columns() {
        List<Column> wide =
                List.of(
                        Printer.column("Age"),
                        Printer.wide("Containers"),
                        Printer.wide("Images"),
                        Printer.wide("Selector"));
        List<Column> first =
                deployment
                        ? List.of(
                                Printer.column("Ready"),
                                Printer.column("Up-to-date"),
                                Printer.column("Available"))
                        : List.of(
                                Printer.column("Desired"),
                                Printer.column("Current"),
                                Printer.column("Ready"));
        return java.util.stream.Stream.concat(first.stream(), wide.stream()).toList();
    }

    @Override
    public void cells(JsonNode object, Instant now, ArrayNode cells) {
        int desired = Trees.at(object, "spec", "replicas").asInt(0);
        int ready = status(object, "readyReplicas");
        if (deployment) {
            cells.add(ready + "/" + desired);
            cells.add(status(object, "updatedReplicas"));
            cells.add(status(object, "availableReplicas"));
        } else {
            cells.add(desired).add(status(object, "replicas")).add(ready);
        }
        cells.add(Ages.since(Trees.text(object, "metadata", "creationTimestamp"), now));
        cells.add(containers(object, "name")).add(containers(object, "image"));
        cells.add(Cells.labels(Trees.at(object, "spec", "selector", "matchLabels")));
    }

    private static int status(JsonNode object, String field) {
        return Trees.at(object, "status", field).asInt(0);
    }

    private static String containers(JsonNode object, String field) {
        return Trees.arrayAt(object, "spec", "template", "spec", "containers")
                .valueStream()
                .map(container -> Trees.text(container, field))
                .collect(Collectors.joining(","));
    }
}
