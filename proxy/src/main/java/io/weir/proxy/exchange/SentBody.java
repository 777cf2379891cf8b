package io.weir.proxy.exchange;

import io.weir.body.BodyFacts;
import io.weir.body.ByteRange;
import io.weir.body.ModelSplice;
import io.weir.picker.SentRequest;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A request as servers get it; cheap until somebody asks. */
record SentBody(String path, RequestBody held, BodyFacts facts) implements SentRequest {

    @Override
    public List<ByteBuffer> body(@Nullable String model) {
        if (model == null || model.equals(facts.model())) {
            return held.views(List.of(new ByteRange(0, held.bytes())));
        }
        ModelSplice splice = ModelSplice.of(facts, model);
        List<ByteBuffer> parts = new ArrayList<>();
        parts.addAll(held.views(List.of(new ByteRange(0, splice.cutStart()))));
        parts.add(ByteBuffer.wrap(splice.replacement()));
        parts.addAll(held.views(List.of(new ByteRange(splice.cutEnd(), held.bytes()))));
        return parts;
    }

    @Override
    public @Nullable String cacheSalt() {
        return facts.cacheSalt();
    }
}
