package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.engine.Ref;
import io.weir.kubernetes.embedded.kind.KindVersion.ScalePaths;
import io.weir.kubernetes.embedded.object.Trees;

import java.util.stream.Collectors;

/** Makes {@code autoscaling/v1} Scale objects. */
final class Scales {

    private Scales() {}

    static ObjectNode of(Ref ref, ObjectNode object, ScalePaths paths) {
        ObjectNode scale = Trees.object();
        scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        metadata.put("name", ref.name()).put("namespace", ref.namespace());
        for (String key : new String[] {"uid", "resourceVersion", "creationTimestamp"}) {
            metadata.set(key, Trees.at(object, "metadata", key));
        }
        scale.putObject("spec").put("replicas", number(object, paths.spec()));
        ObjectNode status = scale.putObject("status");
        status.put("replicas", number(object, paths.status()));
        String selector = selector(object, paths);
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return scale;
    }

    private static int number(ObjectNode object, String path) {
        return Trees.at(object, path.split("\\.", -1)).asInt(0);
    }

    private static String selector(ObjectNode object, ScalePaths paths) {
        if (!paths.selector().isEmpty()) {
            return Trees.text(object, paths.selector().split("\\.", -1));
        }
        JsonNode labels = Trees.at(object, "spec", "selector", "matchLabels");
        return Trees.stringMap(labels).entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(","));
    }
}
