package io.weir.app.up;

import io.weir.app.api.ApiOptions;
import io.weir.app.simulated.Simulate;
import io.weir.app.tracing.TraceOptions;
import io.weir.config.PickerUse;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What {@code weir up} was asked for.
 *
 * @param manifests manifest files and folders of them, watched for changes
 * @param endpointsFiles endpoints files, watched for changes
 * @param address address on which listeners are bound
 * @param portOffset added to every listener port
 * @param adminPort port of the admin endpoints on the loopback address; 0 for any free port
 * @param api where the Kubernetes API is and what it keeps
 * @param strict whether a refused object ends the program
 * @param drainTimeout how long open requests may go on after a signal
 * @param simulate which Deployments run as simulated servers
 * @param timeScale factor on the simulated servers' time; 0.5 is twice as fast
 * @param latencyProfile name of the simulated servers' latency profile; null for the default one
 * @param bodyLimitBytes most bytes of a request body held in memory where no policy says
 * @param requestTimeout time for a whole request where no route or policy says; zero for none
 * @param pickers which pickers are asked where a pool does not say
 * @param accessLog file for one line per request, {@code -} for the standard output; null for none
 * @param traces whether and how requests are traced
 */
public record UpOptions(
        List<Path> manifests,
        List<Path> endpointsFiles,
        String address,
        int portOffset,
        int adminPort,
        ApiOptions api,
        boolean strict,
        Duration drainTimeout,
        Simulate simulate,
        double timeScale,
        @Nullable String latencyProfile,
        long bodyLimitBytes,
        Duration requestTimeout,
        PickerUse pickers,
        @Nullable Path accessLog,
        TraceOptions traces) {

    public UpOptions {
        manifests = List.copyOf(manifests);
        endpointsFiles = List.copyOf(endpointsFiles);
    }

    /** Returns these options with other ports. */
    UpOptions withPortOffset(int offset) {
        return with(offset, traces);
    }

    /** Returns these options with other traces. */
    public UpOptions withTraces(TraceOptions other) {
        return with(portOffset, other);
    }

    private UpOptions with(int otherPortOffset, TraceOptions otherTraces) {
        return new UpOptions(
                manifests,
                endpointsFiles,
                address,
                otherPortOffset,
                adminPort,
                api,
                strict,
                drainTimeout,
                simulate,
                timeScale,
                latencyProfile,
                bodyLimitBytes,
                requestTimeout,
                pickers,
                accessLog,
                otherTraces);
    }
}
