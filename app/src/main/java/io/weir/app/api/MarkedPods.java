package io.weir.app.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.app.simulated.SimulatedPods;
import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.engine.Patch;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.workload.PodRunner;

import java.io.IOException;
import java.util.Optional;

/** Marks the Pods whose job the gateway does itself. */
final class MarkedPods implements PodRunner {

    static final String ANNOTATION = "weir.dev/provided-by";

    private final PodRunner runner;
    private final ApiClient client;

    MarkedPods(PodRunner runner, ApiClient client) {
        this.runner = runner;
        this.client = client;
    }

    @Override
    public Optional<String> refusal(ObjectNode pod) {
        return runner.refusal(pod);
    }

    @Override
    public String start(ObjectNode pod) throws IOException {
        String address = runner.start(pod);
        if (SimulatedPods.isProvided(pod) && !Trees.annotations(pod).containsKey(ANNOTATION)) {
            ObjectNode patch = Trees.object();
            Trees.metadata(patch)
                    .putObject("annotations")
                    .put(ANNOTATION, "Weir itself; nothing runs in this Pod");
            client.patch(pod, new Patch.Merge(patch));
        }
        return address;
    }

    @Override
    public void stop(ObjectNode pod) {
        runner.stop(pod);
    }

    @Override
    public void write(ObjectNode pod, Request request, Sink sink)
            throws IOException, InterruptedException {
        runner.write(pod, request, sink);
    }
}
