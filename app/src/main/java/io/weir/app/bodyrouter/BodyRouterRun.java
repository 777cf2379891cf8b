package io.weir.app.bodyrouter;

import io.weir.app.extproc.ServingOptions;
import io.weir.app.tracing.TraceOptions;
import io.weir.extproc.router.RouterOptions;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What {@code weir body-router} was asked for.
 *
 * @param manifests files and folders with ConfigMaps; none to ask a cluster
 * @param kubeconfig how to reach the cluster; null for the usual places
 * @param namespaces namespaces whose ConfigMaps are read; empty for all
 * @param requests how requests are served
 * @param serving ports and certificates
 * @param traces whether and how requests are traced
 */
public record BodyRouterRun(
        List<Path> manifests,
        @Nullable Path kubeconfig,
        Set<String> namespaces,
        RouterOptions requests,
        ServingOptions serving,
        TraceOptions traces) {

    public BodyRouterRun {
        manifests = List.copyOf(manifests);
        namespaces = Set.copyOf(namespaces);
    }

    /** Returns the same with other traces. */
    public BodyRouterRun withTraces(TraceOptions other) {
        return new BodyRouterRun(manifests, kubeconfig, namespaces, requests, serving, other);
    }
}
