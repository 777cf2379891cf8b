package io.weir.simulator.events;

import io.weir.simulator.engine.CacheListener;
import io.weir.simulator.engine.EngineRequest;
import io.weir.simulator.engine.EngineRequest.Content;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Writes events down. All on one event loop, but for {@link #batches}.
 *
 * <p>Fields of events and their order are vLLM's.
 */
public final class KvEventLog implements CacheListener {

    private static final String MEDIUM = "GPU";
    private static final long UNSIGNED = 0xffff_ffffL;

    private final KvEventSettings settings;
    private final int blockTokens;
    private final Executor loop;
    private final BlockingQueue<byte[]> batches = new LinkedBlockingQueue<>();
    private final List<byte[]> events = new ArrayList<>();

    /**
     * @param blockTokens tokens in a block
     * @param loop runs something later, after what is under way
     */
    public KvEventLog(KvEventSettings settings, int blockTokens, Executor loop) {
        this.settings = settings;
        this.blockTokens = blockTokens;
        this.loop = loop;
    }

    /** Batches that were not published yet, in order; for one other thread. */
    BlockingQueue<byte[]> batches() {
        return batches;
    }

    @Override
    public void stored(EngineRequest request, int firstBlock, int endBlock) {
        Content content = request.content();
        if (content == null) {
            return;
        }
        PackedBytes event = settings.asMaps() ? storedMap() : storedArray();
        key(event, "block_hashes").array(endBlock - firstBlock);
        for (int i = firstBlock; i < endBlock; i++) {
            hash(event, request.blockHashes()[i]);
        }
        key(event, "parent_block_hash");
        if (firstBlock == 0) {
            event.nil();
        } else {
            hash(event, request.blockHashes()[firstBlock - 1]);
        }
        key(event, "token_ids").array((endBlock - firstBlock) * blockTokens);
        for (int i = firstBlock * blockTokens; i < endBlock * blockTokens; i++) {
            event.whole(content.tokens()[i] & UNSIGNED);
        }
        key(event, "block_size").whole(blockTokens);
        key(event, "lora_id").nil();
        key(event, "medium").text(MEDIUM);
        text(key(event, "lora_name"), request.adapter());
        extraKeys(key(event, "extra_keys"), request.adapter(), content, firstBlock, endBlock);
        add(event);
    }

    private static PackedBytes storedMap() {
        return new PackedBytes().map(9).text("type").text("BlockStored");
    }

    private static PackedBytes storedArray() {
        return new PackedBytes().array(9).text("BlockStored");
    }

    /** What a block's hash is made of besides its tokens. */
    private static void extraKeys(
            PackedBytes event, @Nullable String adapter, Content content, int first, int end) {
        boolean isSalted = !content.cacheSalt().isEmpty();
        if (adapter == null && !isSalted) {
            event.nil();
            return;
        }
        event.array(end - first);
        for (int block = first; block < end; block++) {
            boolean saltHere = isSalted && block == 0;
            int keys = (adapter == null ? 0 : 1) + (saltHere ? 1 : 0);
            if (keys == 0) {
                event.nil();
                continue;
            }
            event.array(keys);
            if (adapter != null) {
                event.text(adapter);
            }
            if (saltHere) {
                event.text(content.cacheSalt());
            }
        }
    }

    @Override
    public void removed(long hash) {
        PackedBytes event =
                settings.asMaps()
                        ? new PackedBytes().map(3).text("type").text("BlockRemoved")
                        : new PackedBytes().array(3).text("BlockRemoved");
        hash(key(event, "block_hashes").array(1), hash);
        key(event, "medium").text(MEDIUM);
        add(event);
    }

    @Override
    public void cleared() {
        add(
                settings.asMaps()
                        ? new PackedBytes().map(1).text("type").text("AllBlocksCleared")
                        : new PackedBytes().array(1).text("AllBlocksCleared"));
    }

    private PackedBytes key(PackedBytes event, String name) {
        return settings.asMaps() ? event.text(name) : event;
    }

    private static void hash(PackedBytes event, long hash) {
        event.whole(hash);
    }

    private static void text(PackedBytes event, @Nullable String text) {
        if (text == null) {
            event.nil();
        } else {
            event.text(text);
        }
    }

    private void add(PackedBytes event) {
        events.add(event.toBytes());
        if (events.size() >= settings.batchEvents()) {
            flush();
        } else if (events.size() == 1) {
            loop.execute(this::flush);
        }
    }

    private void flush() {
        if (events.isEmpty()) {
            return;
        }
        PackedBytes batch = new PackedBytes().array(3).decimal(System.currentTimeMillis() / 1e3);
        batch.array(events.size());
        events.forEach(batch::raw);
        batches.add(batch.whole(settings.rank()).toBytes());
        events.clear();
    }
}
