package io.weir.resource.manifest;

import io.weir.resource.ObjectMeta;
import io.weir.resource.Service;

import java.util.ArrayList;
import java.util.List;

/** Reads Services. */
final class ServiceDecoder {

    private static final List<String> UNREAD =
            List.of(
                    "allocateLoadBalancerNodePorts",
                    "clusterIPs",
                    "externalIPs",
                    "externalName",
                    "externalTrafficPolicy",
                    "healthCheckNodePort",
                    "internalTrafficPolicy",
                    "ipFamilies",
                    "ipFamilyPolicy",
                    "loadBalancerClass",
                    "loadBalancerIP",
                    "loadBalancerSourceRanges",
                    "publishNotReadyAddresses",
                    "sessionAffinity",
                    "sessionAffinityConfig",
                    "topologyKeys",
                    "trafficDistribution");

    private ServiceDecoder() {}

    static Service decode(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        spec.knows(UNREAD);
        String type =
                spec.choice(
                        "type",
                        "ClusterIP",
                        "ClusterIP",
                        "NodePort",
                        "LoadBalancer",
                        "ExternalName");
        String clusterIp = spec.optionalText("clusterIP", TextRule.ANY);
        boolean portless = type.equals("ExternalName") || "None".equals(clusterIp);
        List<Fields> written = spec.list("ports", portless ? 0 : 1, Integer.MAX_VALUE);
        List<Service.Port> ports = new ArrayList<>();
        for (Fields port : written) {
            ports.add(port(port, written.size() > 1));
        }
        if (written.size() > 1) {
            Unique.check(written, "name", ports, Service.Port::name, "each name once");
        }
        Unique.check(
                written,
                "port",
                written,
                port -> port.value("port").asText() + protocol(port),
                "each port and protocol once");
        return new Service(metadata, type, Selectors.labels(spec, "selector"), ports, clusterIp);
    }

    private static String protocol(Fields port) {
        return " " + port.value("protocol").asText("TCP");
    }

    private static Service.Port port(Fields port, boolean oneOfMany) {
        port.knows("nodePort");
        port.choice("protocol", "TCP", "TCP", "UDP", "SCTP");
        String name = port.textOr("name", "", TextRule.DNS_LABEL);
        if (oneOfMany && !port.has("name")) {
            port.missing("name", "a name when there are several ports");
        }
        int number = port.number("port", 1, References.MAX_PORT);
        return new Service.Port(
                name,
                number,
                targetPort(port, number),
                port.optionalText("appProtocol", TextRule.LABEL_KEY));
    }

    private static String targetPort(Fields port, int number) {
        if (port.value("targetPort").isTextual()) {
            return port.text("targetPort", TextRule.TARGET_PORT);
        }
        return Integer.toString(port.numberOr("targetPort", number, 1, References.MAX_PORT));
    }
}
