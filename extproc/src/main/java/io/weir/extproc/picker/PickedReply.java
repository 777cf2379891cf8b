package io.weir.extproc.picker;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.HeaderNames;
import io.weir.extproc.wire.Headers;
import io.weir.extproc.wire.Replies;
import io.weir.picker.Endpoint;
import io.weir.picker.Reservation;

import org.jspecify.annotations.Nullable;

import java.util.stream.Collectors;

/** Tells the proxy where a request goes: in a header and, with the same value, in metadata. */
final class PickedReply {

    private final Headers received;
    private final Reservation found;
    private final String destination;

    /**
     * @param most most endpoints in the list
     */
    PickedReply(Headers received, Reservation found, int most) {
        this.received = received;
        this.found = found;
        this.destination =
                found.ordered(most).stream()
                        .map(Endpoint::authority)
                        .collect(Collectors.joining(","));
    }

    /** Answers the headers, of a request without a body that we have seen. */
    ProcessingResponse withHeaders(@Nullable String newRequestId) {
        return with(Replies.requestHeaders(changes(newRequestId)));
    }

    /** Answers the headers, of a request whose body follows. */
    ProcessingResponse withHeaders(@Nullable String newRequestId, ByteString body) {
        return with(Replies.requestHeaders(sized(changes(newRequestId), body)));
    }

    /** Answers a whole body that stays as it is. */
    ProcessingResponse withBody(@Nullable String newRequestId) {
        return with(Replies.bufferedRequestBody(changes(newRequestId)));
    }

    /** Answers a whole body by another one. */
    ProcessingResponse withBody(@Nullable String newRequestId, ByteString body) {
        return with(Replies.bufferedRequestBody(sized(changes(newRequestId), body), body));
    }

    private static Changes sized(Changes changes, ByteString body) {
        return changes.set("content-length", Integer.toString(body.size()));
    }

    private Changes changes(@Nullable String newRequestId) {
        Changes changes = new Changes().set(HeaderNames.DESTINATION, destination);
        for (String control : HeaderNames.CONTROL) {
            if (received.has(control)) {
                changes.remove(control);
            }
        }
        found.requestHeaders().forEach(field -> changes.set(field.name(), field.value()));
        if (newRequestId != null) {
            changes.set(HeaderNames.REQUEST_ID, newRequestId);
        }
        return changes;
    }

    private ProcessingResponse with(ProcessingResponse.Builder reply) {
        Struct metadata =
                Replies.metadata(HeaderNames.LB_NAMESPACE, HeaderNames.DESTINATION, destination);
        return reply.setDynamicMetadata(metadata).build();
    }
}
