package io.weir.picker.builtin;

import io.weir.picker.HeaderField;
import io.weir.picker.plugin.Chosen;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PickObserver;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * {@code no-hit-lru-scorer}: spreads prompts that no server knows, by preferring the server that
 * was given such a prompt longest ago. Where some server knows the prompt, all score 0.5.
 */
final class NoHitLruScorer implements Scorer, PickObserver {

    private static final String PREFILL = "prefill";

    private final int most;
    private final AtomicLong clock = new AtomicLong();
    private final Map<EndpointState.Key, Long> lastUse = new ConcurrentHashMap<>();

    /**
     * Returns a scorer.
     *
     * @param most most servers whose last use is remembered
     */
    NoHitLruScorer(int most) {
        this.most = most;
    }

    @Override
    public Optional<PrefixSettings> prefixSettings() {
        return Optional.of(PrefixSettings.DEFAULT);
    }

    @Override
    public void score(PickContext context, double[] scores) {
        int size = context.size();
        if (isKnownToSome(context)) {
            Arrays.fill(scores, 0, size, 0.5);
            return;
        }
        long[] uses = context.longs();
        int used = 0;
        for (int i = 0; i < size; i++) {
            Long use = lastUse.get(context.endpoint(i).key());
            scores[i] = use == null ? -1 : use;
            if (use != null) {
                uses[used++] = use;
            }
        }
        Arrays.sort(uses, 0, used);
        int unused = 0;
        for (int i = 0; i < size; i++) {
            boolean isUnused = scores[i] < 0;
            int place =
                    isUnused
                            ? unused++
                            : size - used + Arrays.binarySearch(uses, 0, used, (long) scores[i]);
            scores[i] = size == 1 ? 1 : Math.max(0, 1 - (double) place / (size - 1));
        }
    }

    @Override
    public void picked(PickContext context, Chosen chosen, Consumer<HeaderField> headers) {
        for (int i = 0; i < context.endpoints().length; i++) {
            if (wasKnown(context, i)) {
                return;
            }
        }
        touch(chosen.primaryState());
        touch(chosen.of(PREFILL));
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }

    private static boolean isKnownToSome(PickContext context) {
        for (int i = 0; i < context.size(); i++) {
            if (context.prefixes().matchedBlocks(context.index(i)) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Matches are those from before the pick: they are looked up once for each request. */
    private static boolean wasKnown(PickContext context, int index) {
        return context.prefixes().matchedBlocks(index) > 0;
    }

    private void touch(@Nullable EndpointState endpoint) {
        if (endpoint == null) {
            return;
        }
        lastUse.put(endpoint.key(), clock.incrementAndGet());
        if (lastUse.size() > most) {
            lastUse.entrySet().stream()
                    .min(Comparator.comparingLong(Map.Entry::getValue))
                    .ifPresent(oldest -> lastUse.remove(oldest.getKey(), oldest.getValue()));
        }
    }
}
