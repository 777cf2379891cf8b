package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;

/** Where the logs of Pods come from. */
public interface PodLogs {

    /**
     * Writes the log of a container; with {@code follow} until the client goes or the Pod ends.
     *
     * @param pod the Pod; not to be changed
     * @param request which part of the log
     * @throws io.weir.kubernetes.embedded.object.ApiError 400 when the Pod has no such container or
     *     has not run yet; only before anything has been written
     * @throws IOException when the client is gone
     */
    void write(ObjectNode pod, Request request, Sink sink) throws IOException, InterruptedException;

    /**
     * Which part of a log.
     *
     * @param container name of the container; empty for the only one
     * @param follow whether to wait for more
     * @param previous whether the log of the run before is meant
     * @param timestamps whether lines begin with their time
     * @param tailLines at most so many lines from the end; negative for all
     * @param limitBytes at most so many bytes; negative for all
     * @param sinceSeconds not older than this; negative for all
     * @param sinceTime not before this RFC 3339 time; empty for all
     */
    record Request(
            String container,
            boolean follow,
            boolean previous,
            boolean timestamps,
            long tailLines,
            long limitBytes,
            long sinceSeconds,
            String sinceTime) {}

    /** Begins the answer when it is first asked for a stream. */
    interface Sink {
        OutputStream open() throws IOException;
    }
}
