package io.weir.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds out which kinds an API serves. */
final class ServedKinds {

    private final KubernetesClient client;

    ServedKinds(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Returns the best served version of every kind that is served.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException when the API can't be asked
     */
    Map<WatchedKind, String> look(List<WatchedKind> kinds) {
        Map<String, List<String>> plurals = new HashMap<>();
        Map<WatchedKind, String> served = new LinkedHashMap<>();
        for (WatchedKind kind : kinds) {
            kind.versions().stream()
                    .filter(version ->
                            plurals.computeIfAbsent(kind.apiVersion(version), this::plurals)
                                    .contains(kind.plural()))
                    .findFirst()
                    .ifPresent(version -> served.put(kind, version));
        }
        return served;
    }

    private List<String> plurals(String apiVersion) {
        APIResourceList found = client.getApiResources(apiVersion);
        return found == null
                ? List.of()
                : found.getResources().stream().map(APIResource::getName).toList();
    }
}
