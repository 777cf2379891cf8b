package io.weir.resource;

import java.util.Map;

/**
 * A Deployment ({@code apps/v1}).
 *
 * @param metadata metadata
 * @param replicas wanted Pods
 * @param selector labels of its Pods
 * @param podLabels labels of the Pod template
 * @param podAnnotations annotations of the Pod template
 * @param podSpec what runs in each Pod
 */
public record Deployment(
        ObjectMeta metadata,
        int replicas,
        LabelSelector selector,
        Map<String, String> podLabels,
        Map<String, String> podAnnotations,
        PodSpec podSpec)
        implements Resource {

    public Deployment {
        podLabels = Map.copyOf(podLabels);
        podAnnotations = Map.copyOf(podAnnotations);
    }

    @Override
    public String kind() {
        return "Deployment";
    }
}
