package io.weir.resource.manifest;

import io.weir.resource.EndpointSlice;
import io.weir.resource.ObjectMeta;

import java.util.ArrayList;
import java.util.List;

/** Reads EndpointSlices. */
final class EndpointSliceDecoder {

    private EndpointSliceDecoder() {}

    static EndpointSlice decode(ObjectMeta metadata, Fields object) {
        String word = object.requiredWord("addressType", "IPv4", "IPv6", "FQDN");
        String type = word == null ? "" : word;
        TextRule rule =
                switch (type) {
                    case "IPv4" -> TextRule.IPV4;
                    case "IPv6" -> TextRule.IPV6;
                    case "FQDN" -> TextRule.HOST;
                    default -> TextRule.ANY;
                };
        List<EndpointSlice.Endpoint> endpoints =
                object.list("endpoints", 0, 1000).stream().map(e -> endpoint(e, rule)).toList();
        return new EndpointSlice(metadata, type, endpoints, ports(object));
    }

    private static EndpointSlice.Endpoint endpoint(Fields endpoint, TextRule rule) {
        endpoint.knows("deprecatedTopology", "hints", "hostname", "nodeName", "zone");
        Fields conditions = endpoint.object("conditions");
        conditions.knows("serving", "terminating");
        Fields target = endpoint.object("targetRef");
        target.knows(target.names());
        boolean pod = target.textOr("kind", "", TextRule.ANY).equals("Pod");
        return new EndpointSlice.Endpoint(
                endpoint.texts("addresses", 1, 100, rule),
                conditions.flag("ready", true),
                pod ? target.textOr("name", "", TextRule.ANY) : "");
    }

    private static List<EndpointSlice.Port> ports(Fields object) {
        List<EndpointSlice.Port> ports = new ArrayList<>();
        for (Fields port : object.list("ports", 0, 20000)) {
            port.knows("appProtocol");
            String protocol = port.choice("protocol", "TCP", "TCP", "UDP", "SCTP");
            String name = port.textOr("name", "", TextRule.ANY);
            int number = port.number("port", 1, References.MAX_PORT);
            if (protocol.equals("TCP")) {
                ports.add(new EndpointSlice.Port(name, number));
            }
        }
        return ports;
    }
}
