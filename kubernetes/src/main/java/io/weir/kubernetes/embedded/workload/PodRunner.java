package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.http.PodLogs;

import java.io.IOException;
import java.util.Optional;

/** Runs Pods, in whatever way. Called on the thread of the workloads; must not wait long. */
public interface PodRunner extends PodLogs {

    /**
     * Returns why a Pod can't be run, for instance that nobody here knows its image; empty when it
     * can.
     */
    Optional<String> refusal(ObjectNode pod);

    /**
     * Starts a Pod. Its server accepts connections when this returns.
     *
     * @return the address of the Pod
     * @throws IOException when it could not be started
     */
    String start(ObjectNode pod) throws IOException;

    /** Stops a Pod that was started. */
    void stop(ObjectNode pod);
}
