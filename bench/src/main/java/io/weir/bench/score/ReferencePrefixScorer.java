package io.weir.bench.score;

import io.weir.picker.Endpoint;
import io.weir.picker.HeaderField;
import io.weir.picker.plugin.Chosen;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PickObserver;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.state.EndpointState;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code prefix-cache-scorer} as the llm-d router has it: the share of the prompt's blocks that
 * were sent to a server before. Not thread-safe.
 */
final class ReferencePrefixScorer implements Scorer, PickObserver {

    private final ReferenceIndex index = new ReferenceIndex();
    private long[] blocks = {};

    @Override
    public void score(PickContext context, double[] scores) {
        blocks = ReferenceIndex.blocks(context.request());
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < context.size(); i++) {
            endpoints.add(context.endpoint(i).endpoint());
        }
        index.match(blocks, endpoints, scores);
        for (int i = 0; i < context.size(); i++) {
            scores[i] /= Math.max(1, blocks.length);
        }
    }

    @Override
    public void picked(PickContext context, Chosen chosen, Consumer<HeaderField> headers) {
        EndpointState endpoint = chosen.primaryState();
        index.enter(blocks, endpoint.endpoint(), endpoint.scraped().kvBlocks());
    }
}
