package io.weir.extproc.picker;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;

import io.weir.picker.Endpoint;

import java.util.function.ObjDoubleConsumer;

/** What the candidates of one request scored, by address. Used by one thread at a time. */
final class EndpointScores implements ObjDoubleConsumer<Endpoint> {

    private final Struct.Builder scores = Struct.newBuilder();

    @Override
    public void accept(Endpoint endpoint, double score) {
        scores.putFields(endpoint.authority(), Value.newBuilder().setNumberValue(score).build());
    }

    Value value() {
        return Value.newBuilder().setStructValue(scores).build();
    }
}
