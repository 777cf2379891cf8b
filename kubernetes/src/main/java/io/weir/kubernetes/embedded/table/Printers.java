package io.weir.kubernetes.embedded.table;

import com.fasterxml.jackson.databind.JsonNode;

import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.kind.KindVersion.Column;
import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.Trees;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds the printer of a kind. */
final class Printers {

    private static final Printer AGE =
            new PathPrinter(
                    List.of(new Column("Age", "date", "", ".metadata.creationTimestamp", 0)));

    private final Map<String, Printer> printers =
            Map.ofEntries(
                    Map.entry("pods", new PodPrinter()),
                    Map.entry("services", new ServicePrinter()),
                    Map.entry("events", new EventPrinter()),
                    Map.entry("deployments.apps", new WorkloadPrinter(true)),
                    Map.entry("replicasets.apps", new WorkloadPrinter(false)),
                    Map.entry(
                            "namespaces", SimplePrinter.of("Status", o -> text(o, "status.phase"))),
                    Map.entry("configmaps", SimplePrinter.of("Data", Printers::dataCount)),
                    Map.entry(
                            "secrets",
                            SimplePrinter.of("Type", o -> text(o, "type"))
                                    .with("Data", Printers::dataCount)),
                    Map.entry(
                            "serviceaccounts",
                            SimplePrinter.of(
                                    "Secrets", o -> "" + Trees.arrayAt(o, "secrets").size())),
                    Map.entry("nodes", SimplePrinter.of("Status", Printers::nodeStatus)),
                    Map.entry("endpoints", SimplePrinter.of("Endpoints", Printers::addresses)),
                    Map.entry(
                            "endpointslices.discovery.k8s.io",
                            SimplePrinter.of("AddressType", o -> text(o, "addressType"))
                                    .with("Ports", Printers::slicePorts)
                                    .with("Endpoints", Printers::sliceAddresses)),
                    Map.entry(
                            "leases.coordination.k8s.io",
                            SimplePrinter.of("Holder", o -> text(o, "spec.holderIdentity"))),
                    Map.entry(
                            "rolebindings.rbac.authorization.k8s.io",
                            SimplePrinter.of("Role", Printers::role)),
                    Map.entry(
                            "clusterrolebindings.rbac.authorization.k8s.io",
                            SimplePrinter.of("Role", Printers::role)));

    Printer of(Served served) {
        KindInfo info = served.info();
        Printer printer =
                info.origin() == KindInfo.Origin.KUBERNETES ? printers.get(info.resource()) : null;
        if (printer != null) {
            return printer;
        }
        List<Column> columns = served.version().columns();
        return columns.isEmpty() ? AGE : new PathPrinter(columns);
    }

    private static String text(JsonNode object, String path) {
        return Trees.text(object, path.split("\\.", -1));
    }

    private static String dataCount(JsonNode object) {
        return String.valueOf(
                Trees.objectAt(object, "data").size()
                        + Trees.objectAt(object, "binaryData").size());
    }

    private static String role(JsonNode binding) {
        return text(binding, "roleRef.kind") + "/" + text(binding, "roleRef.name");
    }

    private static String nodeStatus(JsonNode node) {
        return Trees.arrayAt(node, "status", "conditions")
                .valueStream()
                .filter(condition -> Trees.text(condition, "type").equals("Ready"))
                .map(c -> Trees.text(c, "status").equals("True") ? "Ready" : "NotReady")
                .findFirst()
                .orElse("Unknown");
    }

    private static String addresses(JsonNode endpoints) {
        List<String> all = new ArrayList<>();
        for (JsonNode subset : Trees.arrayAt(endpoints, "subsets")) {
            for (JsonNode address : Trees.arrayAt(subset, "addresses")) {
                for (JsonNode port : Trees.arrayAt(subset, "ports")) {
                    all.add(Trees.text(address, "ip") + ":" + port.path("port").asInt());
                }
            }
        }
        return Cells.some(all);
    }

    private static String slicePorts(JsonNode slice) {
        List<String> ports =
                Trees.arrayAt(slice, "ports")
                        .valueStream()
                        .map(port -> port.path("port").asText())
                        .toList();
        return ports.isEmpty() ? "<unset>" : Cells.some(ports);
    }

    private static String sliceAddresses(JsonNode slice) {
        return Trees.arrayAt(slice, "endpoints")
                .valueStream()
                .flatMap(endpoint -> Trees.arrayAt(endpoint, "addresses").valueStream())
                .map(JsonNode::asText)
                .collect(Collectors.collectingAndThen(Collectors.toList(), Cells::some));
    }
}
