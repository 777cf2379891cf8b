package io.weir.app.picker;

import io.weir.app.extproc.ServingOptions;
import io.weir.app.tracing.TraceOptions;
import io.weir.extproc.picker.PickerOptions;
import io.weir.picker.PickerSettings;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code weir picker} was asked for.
 *
 * @param pool which pool
 * @param settings how endpoints are picked
 * @param endpointsFiles files that name model servers
 * @param manifests files and folders with objects of the pool
 * @param kubeconfig how to reach a cluster where there are no files; null for the usual places
 * @param requests how requests are served
 * @param serving ports and certificates
 * @param accessLog file for one line per request, {@code -} for the standard output; null for none
 * @param traces whether and how requests are traced
 */
public record PickerRun(
        PoolChoice pool,
        PickerSettings settings,
        List<Path> endpointsFiles,
        List<Path> manifests,
        @Nullable Path kubeconfig,
        PickerOptions requests,
        ServingOptions serving,
        @Nullable Path accessLog,
        TraceOptions traces) {

    public PickerRun {
        endpointsFiles = List.copyOf(endpointsFiles);
        manifests = List.copyOf(manifests);
    }

    /** Returns whether the pool comes from files rather than from a cluster. */
    boolean isFromFiles() {
        return !endpointsFiles.isEmpty() || !manifests.isEmpty();
    }

    /** Returns the same with other traces. */
    public PickerRun withTraces(TraceOptions other) {
        return new PickerRun(
                pool,
                settings,
                endpointsFiles,
                manifests,
                kubeconfig,
                requests,
                serving,
                accessLog,
                other);
    }
}
