package io.weir.picker.pool;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.state.EndpointState;
import io.weir.picker.tokens.TokenQuestion;
import io.weir.picker.tokens.Tokenizing;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ThreadLocalRandom;

/** Whether a pick waits for its prompt's tokens, and whom it asks. Stateless. */
final class TokenStage {

    private TokenStage() {}

    /**
     * Returns what to ask about a request; null when tokens are of no use, because nobody tells
     * what its cache holds, or can't be had.
     */
    static @Nullable TokenQuestion question(PickRequest request, PoolView view) {
        Tokenizing how = view.schedule().tokenizing();
        PrefixSettings settings = view.schedule().prefixSettings();
        if (how == null || settings == null || request.details().tokens() != null) {
            return null;
        }
        int wanted = Math.max(1, settings.blockBytes() / PrefixSettings.BYTES_PER_TOKEN);
        int blockTokens = blockTokens(view.endpoints(), wanted);
        if (blockTokens == 0) {
            return null;
        }
        String adapter = adapter(view.endpoints(), request.model());
        return TokenQuestion.of(request, how, adapter, blockTokens, settings.maxBlocks());
    }

    /** Blocks of prompts are as large as the largest of a server; 0 when no server tells. */
    private static int blockTokens(EndpointState[] endpoints, int wanted) {
        int largest = 0;
        for (EndpointState endpoint : endpoints) {
            if (endpoint.blocks().isTold()) {
                largest = Math.max(largest, endpoint.blocks().blockTokens());
            }
        }
        return largest > 0 && wanted % largest == 0 ? wanted : largest;
    }

    private static String adapter(EndpointState[] endpoints, @Nullable String model) {
        if (model == null) {
            return "";
        }
        for (EndpointState endpoint : endpoints) {
            if (endpoint.isAdapter(model)) {
                return model;
            }
        }
        return "";
    }

    /** Returns the server to ask: of two, the one with less to do. */
    static Endpoint server(EndpointState[] endpoints, long nowNanos) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        EndpointState one = endpoints[random.nextInt(endpoints.length)];
        EndpointState other = endpoints[random.nextInt(endpoints.length)];
        boolean avoided = one.health().isAvoided(nowNanos);
        boolean isBetter =
                avoided == other.health().isAvoided(nowNanos)
                        ? one.inFlight().requests() <= other.inFlight().requests()
                        : !avoided;
        return (isBetter ? one : other).endpoint();
    }
}
