package io.weir.extproc.server;

import io.grpc.Status;

/** Is told of streams that ended. Called on event loops: must not block. */
@FunctionalInterface
public interface StreamListener {

    /** Does nothing. */
    StreamListener NONE = (_, _) -> {};

    /**
     * A stream ended.
     *
     * @param code how
     * @param nanos how long it was open
     */
    void closed(Status.Code code, long nanos);
}
