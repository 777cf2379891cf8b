package io.weir.picker.plugin;

import io.weir.picker.PickRequest;
import io.weir.picker.prefix.Answers;
import io.weir.picker.prefix.BlockIndex;
import io.weir.picker.prefix.FirstBlocks;
import io.weir.picker.prefix.PrefixReuse;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.prefix.PromptHashes;
import io.weir.picker.prefix.TokenChain;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.Scraped;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * How much of a request's prompt each endpoint of the pool knows. Worked out when first asked for;
 * reused from pick to pick; owned by one thread at a time.
 */
public final class PrefixMatches {

    private static final int NOT_ASKED = -1;

    private final PromptHashes hashes = new PromptHashes();
    private @Nullable PickRequest request;
    private @Nullable PrefixSettings settings;
    private EndpointState[] endpoints = {};
    private int[] matched = {};
    private int[] known = {};
    private PrefixReuse reuse = new PrefixReuse();
    private FirstBlocks.@Nullable Places beginnings;
    private double reuseShare;
    private int guess;
    private int knownGuess;
    private int answeredPlace;
    private long answered;
    private boolean hashed;
    private @Nullable TokenChain tokens;
    private long nowNanos;

    PrefixMatches() {}

    void begin(
            PickRequest newRequest,
            EndpointState[] newEndpoints,
            @Nullable PrefixSettings newSettings,
            long now) {
        nowNanos = now;
        request = newRequest;
        endpoints = newEndpoints;
        settings = newSettings;
        hashed = false;
        reuseShare = reuse.share();
        tokens = newSettings == null ? null : newRequest.details().tokens();
        if (tokens != null) {
            beginTokens();
        }
    }

    private void beginTokens() {
        if (known.length < endpoints.length) {
            known = new int[endpoints.length];
        }
        Arrays.fill(known, 0, endpoints.length, NOT_ASKED);
        knownGuess = 0;
    }

    void end() {
        request = null;
        settings = null;
        tokens = null;
        hashes.clear();
    }

    /** Says what is known of the pool's prompts, and learns from this one. */
    public void reuse(PrefixReuse ofPool) {
        reuse = ofPool;
    }

    /**
     * Says where it says which endpoints may know a prompt.
     *
     * @param ofPool for the endpoints of the next pick; null when all of them are to be asked
     */
    public void beginnings(FirstBlocks.@Nullable Places ofPool) {
        beginnings = ofPool;
    }

    /**
     * Returns how much of the pool's prompts was found lately where they were sent, 0..1; the same
     * for all endpoints of a pick.
     */
    public double reuse() {
        return reuseShare;
    }

    /** Returns the blocks of the prompt; 0 when it is too short to match. */
    public int totalBlocks() {
        return tokens != null ? tokens.blocks() : textBlocks();
    }

    private int textBlocks() {
        return isHashed() ? hashes.blocks() : 0;
    }

    /** Returns the blocks, from the prompt's begin, that an endpoint of the pool knows. */
    public int matchedBlocks(int index) {
        return tokens != null ? known(tokens, index) : heldBlocks(index, matched(index));
    }

    /** What the server said to the prompt so far is in its cache, too. */
    private int heldBlocks(int index, int place) {
        int blocks = hashes.blocks(place);
        if (place == 0 || place == hashes.size() || settings == null) {
            return blocks;
        }
        // Most endpoints know a prompt up to the same place, if at all.
        if (place != answeredPlace) {
            answeredPlace = place;
            answered = reuse.answers().after(hashes.hash(place - 1));
        }
        if (answered == 0) {
            return blocks;
        }
        long behind = Answers.tokens(answered, endpoints[index].key().hashCode());
        long more = behind * PrefixSettings.BYTES_PER_TOKEN / settings.blockBytes();
        return (int) Math.min(blocks + more, hashes.blocks());
    }

    private int known(TokenChain prompt, int index) {
        if (known[index] == NOT_ASKED) {
            BlockIndex blocks = endpoints[index].blocks();
            int places = blocks.isTold() ? blocks.match(prompt, knownGuess, nowNanos) : 0;
            knownGuess = places > 0 ? places : knownGuess;
            int held = prompt.blocks(places);
            boolean isAll = blocks.isTold() && blocks.isComplete();
            known[index] = isAll ? held : Math.max(held, sentBlocks(prompt, index));
        }
        return known[index];
    }

    /** Where a server did not tell all, what was sent to it counts, too. */
    private int sentBlocks(TokenChain prompt, int index) {
        int total = textBlocks();
        long sent = hashes.blocks(matched(index));
        return total == 0 ? 0 : (int) (prompt.blocks() * sent / total);
    }

    /**
     * Returns the blocks, from the prompt's begin, that an endpoint would know if its cache were of
     * another size. Unlike the size that all plugins share, this is worked out every time.
     */
    public int matchedBlocks(int index, PrefixSettings other) {
        if (tokens != null || other.equals(settings)) {
            return matchedBlocks(index);
        }
        if (totalBlocks() == 0) {
            return 0;
        }
        EndpointState endpoint = endpoints[index];
        Scraped scraped = endpoint.scraped();
        int capacity = other.capacity(scraped.kvBlocks(), scraped.kvBlockTokens());
        return hashes.blocks(endpoint.prefixes().match(hashes, capacity, matched(index)));
    }

    /** Returns the prompt's tokens that an endpoint of the pool does not know. */
    public long uncachedTokens(int index) {
        int total = totalBlocks();
        return total == 0 ? promptTokens() : uncachedTokens(index, promptTokens(), total);
    }

    /** Writes the prompt's tokens that each of some endpoints does not know. */
    void uncachedTokens(int[] indexes, int size, double[] uncached) {
        long all = promptTokens();
        int total = totalBlocks();
        if (total == 0) {
            Arrays.fill(uncached, 0, size, (double) all);
            return;
        }
        for (int i = 0; i < size; i++) {
            uncached[i] = (double) uncachedTokens(indexes[i], all, total);
        }
    }

    private long uncachedTokens(int index, long all, int total) {
        int held = matchedBlocks(index);
        return held == 0 ? all : all - all * held / total;
    }

    private long promptTokens() {
        return request == null ? 0 : Math.max(0, request.promptTokens());
    }

    /**
     * Returns how many of the prompt's tokens an endpoint will most likely have to work out. {@link
     * #uncachedTokens} says where the prompt belongs, which a full cache does not change; this also
     * counts what will have made room for requests in flight.
     */
    public long likelyUncachedTokens(int index) {
        if (request == null || tokens != null || matched(index) == 0) {
            return uncachedTokens(index);
        }
        EndpointState endpoint = endpoints[index];
        int place = endpoint.prefixes().match(hashes, lasting(endpoint), matched(index));
        long all = Math.max(0, request.promptTokens());
        return all - all * heldBlocks(index, place) / hashes.blocks();
    }

    /** Returns the tokens in one block. */
    public double blockTokens() {
        if (tokens != null) {
            return tokens.blockTokens();
        }
        return settings == null
                ? 0
                : (double) settings.blockBytes() / PrefixSettings.BYTES_PER_TOKEN;
    }

    /** Returns by what the prompt is known, once it is answered; 0 when it is not. */
    public long promptEnd() {
        if (request == null || settings == null || tokens != null || textBlocks() == 0) {
            return 0;
        }
        int end = hashes.blocks();
        long held = (long) end * settings.blockBytes() / PrefixSettings.BYTES_PER_TOKEN;
        return Answers.end(hashes.hash(hashes.size() - 1), request.promptTokens() - held);
    }

    /** Notes that the prompt goes to an endpoint of the pool. */
    public void record(int index) {
        if (request != null && settings != null) {
            reuse.learn(Math.max(0, request.promptTokens()), uncachedTokens(index));
        }
        EndpointState endpoint = endpoints[index];
        if (tokens != null) {
            endpoint.blocks().sent(tokens, nowNanos);
        }
        if (textBlocks() > 0) {
            endpoint.prefixes().record(hashes, matched(index), capacity(endpoint));
        }
    }

    private int matched(int index) {
        if (textBlocks() == 0) {
            return 0;
        }
        if (matched[index] == NOT_ASKED) {
            EndpointState endpoint = endpoints[index];
            int found = endpoint.prefixes().match(hashes, capacity(endpoint), guess);
            matched[index] = found;
            // Endpoints that know anything of the prompt often know the same: a system prompt.
            guess = found > 0 ? found : guess;
        }
        return matched[index];
    }

    private int capacity(EndpointState endpoint) {
        Scraped scraped = endpoint.scraped();
        return settings == null
                ? 0
                : settings.capacity(scraped.kvBlocks(), scraped.kvBlockTokens());
    }

    /**
     * Returns the blocks after which a server forgets what nobody uses: what requests in flight
     * hold it can't give to others, and while they last it grows by about their answers.
     */
    private int lasting(EndpointState endpoint) {
        int all = capacity(endpoint);
        double usage = endpoint.scraped().kvCacheUsage();
        if (settings == null || !(usage > 0)) {
            return all;
        }
        int answers = settings.blocks(endpoint.inFlight().decodeTokens());
        return Math.clamp((long) (all * (1 - usage)) + answers, 1, all);
    }

    private boolean isHashed() {
        if (!hashed && request != null && settings != null) {
            hash(request, settings);
        }
        return hashed;
    }

    private void hash(PickRequest ofRequest, PrefixSettings bySettings) {
        hashes.compute(ofRequest.model(), ofRequest.prompt(), bySettings);
        if (matched.length < endpoints.length) {
            matched = new int[endpoints.length];
        }
        if (beginnings == null || hashes.size() == 0) {
            Arrays.fill(matched, 0, endpoints.length, NOT_ASKED);
        } else {
            Arrays.fill(matched, 0, endpoints.length, 0);
            beginnings.mark(hashes.hash(0), matched, NOT_ASKED);
        }
        guess = 0;
        answeredPlace = 0;
        hashed = true;
    }
}
