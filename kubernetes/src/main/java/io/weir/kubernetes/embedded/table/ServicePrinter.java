package io.weir.kubernetes.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.weir.kubernetes.embedded.kind.KindVersion.Column;
import io.weir.kubernetes.embedded.object.Trees;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Prints Services. */
record ServicePrinter() implements Printer {

    @Override
    public List<Column> columns() {
        return List.of(
                Printer.column("Type"),
                Printer.column("Cluster-IP"),
                Printer.column("External-IP"),
                Printer.column("Port(s)"),
                Printer.column("Age"),
                Printer.wide("Selector"));
    }

    @Override
    public void cells(JsonNode service, Instant now, ArrayNode cells) {
        cells.add(Trees.text(service, "spec", "type"));
        cells.add(Cells.orNone(Trees.text(service, "spec", "clusterIP")));
        cells.add(external(service));
        cells.add(ports(service));
        cells.add(Ages.since(Trees.text(service, "metadata", "creationTimestamp"), now));
        cells.add(Cells.labels(Trees.at(service, "spec", "selector")));
    }

    private static String external(JsonNode service) {
        String type = Trees.text(service, "spec", "type");
        if (type.equals("ExternalName")) {
            return Trees.text(service, "spec", "externalName");
        }
        String ingress =
                Trees.arrayAt(service, "status", "loadBalancer", "ingress")
                        .valueStream()
                        .map(entry -> Trees.text(entry, "ip") + Trees.text(entry, "hostname"))
                        .collect(Collectors.joining(","));
        if (!ingress.isEmpty()) {
            return ingress;
        }
        return type.equals("LoadBalancer") ? "<pending>" : "<none>";
    }

    private static String ports(JsonNode service) {
        String ports =
                Trees.arrayAt(service, "spec", "ports")
                        .valueStream()
                        .map(ServicePrinter::port)
                        .collect(Collectors.joining(","));
        return Cells.orNone(ports);
    }

    private static String port(JsonNode port) {
        int node = port.path("nodePort").asInt(0);
        return port.path("port").asInt()
                + (node > 0 ? ":" + node : "")
                + "/"
                + Trees.text(port, "protocol");
    }
}
