package io.weir.extproc.wire;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;

/** What a service answers. */
public sealed interface Reply {

    /** Anything. */
    record Message(ProcessingResponse message) implements Reply {}

    /**
     * A piece of a body in full duplex. There is one for every token of a stream, so they are
     * written without the generated classes.
     *
     * @param side whose body it is
     * @param bytes the piece
     * @param last whether the body ends here
     */
    record Piece(Side side, ByteString bytes, boolean last) implements Reply {

        @Override
        public ProcessingResponse message() {
            BodyMutation.Builder mutation =
                    BodyMutation.newBuilder()
                            .setStreamedResponse(
                                    StreamedBodyResponse.newBuilder()
                                            .setBody(bytes)
                                            .setEndOfStream(last));
            BodyResponse.Builder body =
                    BodyResponse.newBuilder()
                            .setResponse(CommonResponse.newBuilder().setBodyMutation(mutation));
            return switch (side) {
                case REQUEST -> ProcessingResponse.newBuilder().setRequestBody(body).build();
                case RESPONSE -> ProcessingResponse.newBuilder().setResponseBody(body).build();
            };
        }
    }

    /** Whose body. */
    enum Side {
        REQUEST,
        RESPONSE
    }

    /** Returns the reply in the protocol's own form. */
    ProcessingResponse message();
}
