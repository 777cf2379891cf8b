package io.weir.picker.pool;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.SentRequest;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.prefix.TokenChain;
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
        int blockTokens = blockTokens(view.endpoints(), settings);
        if (blockTokens == 0) {
            return null;
        }
        String adapter = adapter(view.endpoints(), request.model());
        return TokenQuestion.of(request, how, adapter, blockTokens, settings.maxBlocks());
    }

    /** Returns the tokens that a request has itself; null when there are none, or of no use. */
    static @Nullable TokenChain told(PickRequest request, PoolView view) {
        SentRequest sent = request.details().sent();
        PrefixSettings settings = view.schedule().prefixSettings();
        int[] tokens = sent == null ? null : sent.tokens();
        if (sent == null || tokens == null || settings == null) {
            return null;
        }
        int blockTokens = blockTokens(view.endpoints(), settings);
        if (blockTokens == 0) {
            return null;
        }
        String salt = sent.cacheSalt();
        return TokenChain.of(
                tokens,
                tokens.length,
                adapter(view.endpoints(), request.model()),
                salt == null ? "" : salt,
                blockTokens,
                settings.maxBlocks());
    }

    /** Blocks of prompts are as large as the largest of a server; 0 when no server tells. */
    private static int blockTokens(EndpointState[] endpoints, PrefixSettings settings) {
        int wanted = Math.max(1, settings.blockBytes() / PrefixSettings.BYTES_PER_TOKEN);
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
