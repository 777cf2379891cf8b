package io.weir.extproc.wire;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;

/** What a proxy sends. */
public sealed interface Incoming {

    /** Anything. */
    record Message(ProcessingRequest message) implements Incoming {}

    /**
     * A piece of an answer's body, with whatever else stood in the message left out. There is one
     * for every token of a stream, so they are read without the generated classes.
     *
     * @param bytes the piece
     * @param last whether the body ends here
     */
    record AnswerPiece(ByteString bytes, boolean last) implements Incoming {

        @Override
        public ProcessingRequest message() {
            return ProcessingRequest.newBuilder()
                    .setResponseBody(HttpBody.newBuilder().setBody(bytes).setEndOfStream(last))
                    .build();
        }
    }

    /** Returns the message in the protocol's own form. */
    ProcessingRequest message();
}
