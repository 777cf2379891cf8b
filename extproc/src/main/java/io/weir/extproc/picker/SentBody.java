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
        boolean stays = model == null || model.equals(facts.model());
        ByteString body = stays ? held.bytes() : held.spliced(ModelSplice.of(facts, model));
        return body.asReadOnlyByteBufferList();
    }

    @Override
    public @Nullable String cacheSalt() {
        return facts.cacheSalt();
    }
}
