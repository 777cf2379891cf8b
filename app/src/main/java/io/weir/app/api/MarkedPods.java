package io.weir.app.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.app.simulated.SimulatedPods;
import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.engine.Patch;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.workload.PodRunner;
import io.weir.kubernetes.status.ApiClientSink;
import io.weir.kubernetes.status.EventTree;

import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Marks the Pods whose job the gateway does itself, and tells why others don't run. */
final class MarkedPods implements PodRunner {

    static final String ANNOTATION = "weir.dev/provided-by";

    private final PodRunner runner;
    private final ApiClient client;
    private final InstantSource clock;
    private final ApiClientSink events;
    private final Set<String> told = new HashSet<>();

    MarkedPods(PodRunner runner, ApiClient client, InstantSource clock) {
        this.runner = runner;
        this.client = client;
        this.clock = clock;
        this.events = new ApiClientSink(client);
    }

    @Override
    public Optional<String> refusal(ObjectNode pod) {
        Optional<String> refusal = runner.refusal(pod);
        refusal.ifPresent(reason -> tell(pod, reason));
        return refusal;
    }

    /** Puts the reason where {@code kubectl describe} shows it, once. */
    private void tell(ObjectNode pod, String reason) {
        if (told.add(Trees.uid(pod) + reason)) {
            events.record(EventTree.warning(pod, "Failed", reason, clock.instant()));
        }
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
