package io.weir.picker.builtin;

import io.weir.picker.HeaderField;
import io.weir.picker.plugin.Chosen;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PickObserver;
import io.weir.picker.plugin.PrefixMatches;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.state.EndpointState;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code p2p-source-producer}: tells the server that computes the prompt which other one knows more
 * of it, so that it can copy the blocks instead. Of those that know most, within one block, one is
 * drawn by the request's id, with a weight that falls with its queue.
 *
 * @param minCachedTokenDelta tokens that the other one has to know more
 * @param prefillProfile profile whose endpoint computes the prompt, if it ran
 */
record PrefixSourceObserver(int minCachedTokenDelta, String prefillProfile)
        implements PickObserver {

    private static final String HEADER = "x-kv-cache-source-host-port";
    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    @Override
    public Optional<PrefixSettings> prefixSettings() {
        return Optional.of(PrefixSettings.DEFAULT);
    }

    @Override
    public void picked(PickContext context, Chosen chosen, Consumer<HeaderField> headers) {
        EndpointState prefill = chosen.of(prefillProfile);
        EndpointState computing = prefill != null ? prefill : chosen.primaryState();
        PrefixMatches prefixes = context.prefixes();
        int most = 0;
        int own = 0;
        for (int i = 0; i < context.endpoints().length; i++) {
            int matched = prefixes.matchedBlocks(i);
            most = Math.max(most, matched);
            own = isSame(context.endpointAt(i), computing) ? matched : own;
        }
        if (most == 0) {
            return;
        }
        int source = draw(context, Math.max(1, most - 1));
        EndpointState peer = context.endpointAt(source);
        double gain = (prefixes.matchedBlocks(source) - own) * prefixes.blockTokens();
        if (!isSame(peer, computing) && gain >= minCachedTokenDelta) {
            headers.accept(new HeaderField(HEADER, peer.endpoint().authority()));
        }
    }

    private static int draw(PickContext context, int leastBlocks) {
        double total = 0;
        for (int i = 0; i < context.endpoints().length; i++) {
            total += weight(context, i, leastBlocks);
        }
        double left = share(context.request().details().requestId()) * total;
        int last = 0;
        for (int i = 0; i < context.endpoints().length; i++) {
            double weight = weight(context, i, leastBlocks);
            if (weight > 0) {
                last = i;
                left -= weight;
                if (left < 0) {
                    return i;
                }
            }
        }
        return last;
    }

    private static double weight(PickContext context, int index, int leastBlocks) {
        if (context.prefixes().matchedBlocks(index) < leastBlocks) {
            return 0;
        }
        EndpointState endpoint = context.endpointAt(index);
        return 1.0 / (1 + endpoint.waitingRequests(endpoint.inFlight().requests()));
    }

    /** Returns a number 0..1 that is the same for the same id (FNV-1a, 32 bits). */
    private static double share(String requestId) {
        int hash = FNV_OFFSET;
        for (byte b : requestId.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return Integer.toUnsignedLong(hash) / 4294967296.0;
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(EndpointState one, EndpointState other) {
        return one == other;
    }
}
