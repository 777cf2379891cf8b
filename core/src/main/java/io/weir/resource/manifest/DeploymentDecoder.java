package io.weir.resource.manifest;

import io.weir.resource.Deployment;
import io.weir.resource.LabelSelector;
import io.weir.resource.ObjectMeta;
import io.weir.resource.PodSpec;

import java.util.Map;

/** Reads Deployments. */
final class DeploymentDecoder {

    private DeploymentDecoder() {}

    static Deployment decode(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        spec.knows(
                "strategy",
                "minReadySeconds",
                "revisionHistoryLimit",
                "paused",
                "progressDeadlineSeconds");
        Fields written = spec.requiredObject("selector");
        LabelSelector selector = Selectors.selector(written);
        Fields template = spec.requiredObject("template");
        Fields templateMeta = template.object("metadata");
        templateMeta.knows(templateMeta.names());
        Map<String, String> labels = Selectors.labels(templateMeta, "labels");
        checkSelector(written, selector, labels);
        PodSpec podSpec = PodSpecDecoder.decode(template.requiredObject("spec"), 1);
        return new Deployment(
                metadata,
                spec.numberOr("replicas", 1, 0, Integer.MAX_VALUE),
                selector,
                labels,
                templateMeta.textMap("annotations", TextRule.ANY, TextRule.ANY),
                podSpec);
    }

    private static void checkSelector(
            Fields written, LabelSelector selector, Map<String, String> labels) {
        boolean everything = selector.equals(LabelSelector.EVERYTHING);
        if (written.exists() && everything) {
            written.error("an empty map (expected: matchLabels or matchExpressions)");
        } else if (!written.failed() && !selector.matches(labels)) {
            written.error(
                    selector.matchLabels()
                            + " (expected: labels that spec.template.metadata.labels has)");
        }
    }
}
