package io.weir.picker.events;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads a batch as vLLM publishes it: {@code [time, [events], rank]}. An event is an array that
 * begins with its tag, or a map with the tag as {@code type}; fields that are not known are passed
 * over. What does not concern whole prompts in GPU memory is left out.
 */
final class KvEventReader {

    /** Caches whose blocks hold all that a prefix needs. */
    private static final Set<String> WHOLE =
            Set.of("full_attention", "mla_attention", "sink_full_attention");

    /** Fields of events, in the order in which arrays have them. */
    private static final String[] STORED = {
        "block_hashes",
        "parent_block_hash",
        "token_ids",
        "block_size",
        "lora_id",
        "medium",
        "lora_name",
        "extra_keys",
        "group_idx",
        "kv_cache_spec_kind"
    };

    private static final String[] REMOVED = {"block_hashes", "medium", "group_idx"};

    private final Consumer<KvEvent> events;
    private String tag = "";
    private int blocks;
    private long tokens;
    private boolean counts;

    KvEventReader(Consumer<KvEvent> events) {
        this.events = events;
    }

    /**
     * Passes the events of a batch on.
     *
     * @throws RuntimeException when it is not one
     */
    void read(ByteBuffer payload) {
        MessagePack in = new MessagePack(payload);
        in.array();
        in.skip();
        int count = in.array();
        for (int i = 0; i < count; i++) {
            begin();
            if (in.nextIsMap()) {
                readMap(in);
            } else {
                readArray(in);
            }
            end();
        }
    }

    private void begin() {
        tag = "";
        blocks = 0;
        tokens = 0;
        counts = true;
    }

    private void readArray(MessagePack in) {
        int fields = in.array();
        tag = in.text();
        String[] names =
                switch (tag) {
                    case "BlockStored" -> STORED;
                    case "BlockRemoved" -> REMOVED;
                    default -> new String[0];
                };
        for (int i = 1; i < fields; i++) {
            field(in, i <= names.length ? names[i - 1] : "");
        }
    }

    private void readMap(MessagePack in) {
        int fields = in.map();
        for (int i = 0; i < fields; i++) {
            String name = in.text();
            if (name.equals("type")) {
                tag = in.text();
            } else {
                field(in, name);
            }
        }
    }

    private void field(MessagePack in, String name) {
        if (in.skippedNil()) {
            return;
        }
        switch (name) {
            case "block_hashes" -> blocks = list(in);
            case "token_ids" -> tokens = list(in);
            case "medium" -> counts &= in.text().toLowerCase(Locale.ROOT).equals("gpu");
            case "group_idx" -> counts &= in.integer() == 0;
            case "kv_cache_spec_kind" -> counts &= WHOLE.contains(in.text());
            default -> in.skip();
        }
    }

    private static int list(MessagePack in) {
        if (!in.nextIsArray()) {
            in.skip();
            return 0;
        }
        int size = in.array();
        for (int i = 0; i < size; i++) {
            in.skip();
        }
        return size;
    }

    private void end() {
        switch (tag) {
            case "BlockStored" -> {
                // Without tokens the blocks only moved to another memory.
                if (counts && tokens > 0) {
                    events.accept(new KvEvent.Stored(tokens));
                }
            }
            case "BlockRemoved" -> {
                if (counts && blocks > 0) {
                    events.accept(new KvEvent.Removed(blocks));
                }
            }
            case "AllBlocksCleared" -> events.accept(new KvEvent.Cleared());
            default -> {
                // Newer servers may have more to tell.
            }
        }
    }
}
