package io.weir.config;

import io.weir.resource.Deployment;
import io.weir.resource.EndpointSlice;
import io.weir.resource.ObjectSet;
import io.weir.resource.Pod;

/**
 * Objects that are found by labels.
 *
 * @param pods Pods
 * @param deployments Deployments, by the labels of their Pods
 * @param slices EndpointSlices
 */
record Labels(
        LabelIndex<Pod> pods,
        LabelIndex<Deployment> deployments,
        LabelIndex<EndpointSlice> slices) {

    static final Labels NONE =
            new Labels(
                    LabelIndex.of(pod -> pod.metadata().labels()),
                    LabelIndex.of(Deployment::podLabels),
                    LabelIndex.of(slice -> slice.metadata().labels()));

    Labels next(ObjectSet objects) {
        return new Labels(
                pods.next(objects.all(Pod.class)),
                deployments.next(objects.all(Deployment.class)),
                slices.next(objects.all(EndpointSlice.class)));
    }
}
