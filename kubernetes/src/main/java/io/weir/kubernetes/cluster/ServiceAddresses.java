package io.weir.kubernetes.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.status.GatewayAddresses;
import io.weir.kubernetes.status.StatusSink;
import io.weir.resource.ObjectKey;

import java.util.ArrayList;
import java.util.List;

/**
 * The addresses of the Service in front of this program, for every Gateway: those of its load
 * balancer when it has one, else its external addresses, else for a NodePort a node's, else its own
 * in the cluster.
 */
public final class ServiceAddresses implements GatewayAddresses {

    private final ObjectKey service;
    private final String node;
    private final StatusSink objects;

    /**
     * @param service the Service
     * @param node address of a node; empty when not known
     * @param objects where the Service is found
     */
    public ServiceAddresses(ObjectKey service, String node, StatusSink objects) {
        this.service = service;
        this.node = node;
        this.objects = objects;
    }

    @Override
    public List<String> of(ObjectKey gateway, List<String> bound, List<String> wanted) {
        return objects.find(service).map(this::addresses).orElse(List.of());
    }

    private List<String> addresses(ObjectNode found) {
        List<String> given = new ArrayList<>();
        for (JsonNode ingress : Trees.arrayAt(found, "status", "loadBalancer", "ingress")) {
            String ip = Trees.text(ingress, "ip");
            given.add(ip.isEmpty() ? Trees.text(ingress, "hostname") : ip);
        }
        Trees.arrayAt(found, "spec", "externalIPs").forEach(ip -> given.add(ip.asText()));
        given.removeIf(String::isEmpty);
        if (!given.isEmpty()) {
            return given;
        }
        return switch (Trees.text(found, "spec", "type")) {
            case "LoadBalancer" -> List.of();
            case "NodePort" -> node.isEmpty() ? clusterAddresses(found) : List.of(node);
            default -> clusterAddresses(found);
        };
    }

    private static List<String> clusterAddresses(ObjectNode found) {
        String ip = Trees.text(found, "spec", "clusterIP");
        return ip.isEmpty() || ip.equals("None") ? List.of() : List.of(ip);
    }
}
