package io.weir.extproc.picker;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.HeaderNames;
import io.weir.extproc.wire.Headers;
import io.weir.extproc.wire.Replies;
import io.weir.extproc.wire.TracedHeaders;
import io.weir.picker.Endpoint;
import io.weir.picker.Reservation;
import io.weir.telemetry.RequestTrace;

import org.jspecify.annotations.Nullable;

import java.util.stream.Collectors;

/** Tells the proxy where a request goes: in a header and, with the same value, in metadata. */
final class PickedReply {

    private final Headers received;
    private final Reservation found;
    private final String destination;
    private final @Nullable EndpointScores scores;
    private final @Nullable RequestTrace trace;

    /**
     * @param most most endpoints in the list
     * @param scores what the candidates scored; null when the proxy need not know
     * @param trace what the server is told to be part of; null for nothing
     */
    PickedReply(
            Headers received,
            Reservation found,
            int most,
            @Nullable EndpointScores scores,
            @Nullable RequestTrace trace) {
        this.received = received;
        this.found = found;
        this.scores = scores;
        this.trace = trace;
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

    /** Answers the beginning of a body by another one; how long the whole is, the proxy knows. */
    ProcessingResponse withPart(@Nullable String newRequestId, ByteString part) {
        Changes changes = changes(newRequestId).remove("content-length");
        return with(Replies.bufferedRequestBody(changes, part));
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
        if (trace != null) {
            trace.passOn(new TracedHeaders(received, changes));
        }
        return changes;
    }

    private ProcessingResponse with(ProcessingResponse.Builder reply) {
        Struct.Builder told = Struct.newBuilder();
        told.putFields(
                HeaderNames.DESTINATION, Value.newBuilder().setStringValue(destination).build());
        if (scores != null) {
            told.putFields(HeaderNames.SCORES, scores.value());
        }
        return reply.setDynamicMetadata(Replies.metadata(HeaderNames.LB_NAMESPACE, told)).build();
    }
}
