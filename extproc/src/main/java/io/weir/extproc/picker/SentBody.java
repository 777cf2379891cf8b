package io.weir.extproc.picker;

import com.google.protobuf.ByteString;

import io.weir.body.BodyFacts;
import io.weir.body.ModelSplice;
import io.weir.extproc.wire.BodyBuffer;
import io.weir.picker.SentRequest;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;

/** A request as servers get it; cheap until somebody asks. */
record SentBody(String path, BodyBuffer held, BodyFacts facts) implements SentRequest {

    @Override
    public List<ByteBuffer> body(@Nullable String model) {
        return bytes(model).asReadOnlyByteBufferList();
    }

    private ByteString bytes(@Nullable String model) {
        if (model == null || model.equals(facts.model())) {
            return held.bytes();
        }
        return held.spliced(ModelSplice.of(facts, model));
    }

    @Override
    public @Nullable String cacheSalt() {
        return facts.cacheSalt();
    }
}
