package io.weir.picker.events;

import io.weir.picker.prefix.StoredBlocks;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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

    private final KvEventSink events;
    private final StoredBlocks blocks = new StoredBlocks();
    private final List<List<String>> extras = new ArrayList<>();
    private String tag = "";
    private String adapter = "";
    private boolean counts;

    KvEventReader(KvEventSink events) {
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
        adapter = "";
        counts = true;
        blocks.clear();
        extras.clear();
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
            case "block_hashes" -> hashes(in);
            case "parent_block_hash" -> blocks.parent(in.hash());
            case "token_ids" -> tokens(in);
            case "block_size" -> blocks.blockTokens((int) in.integer());
            case "medium" -> counts &= in.text().toLowerCase(Locale.ROOT).equals("gpu");
            case "lora_id" -> adapter = adapter.isEmpty() ? in.description() : adapter;
            case "lora_name" -> adapter = in.text();
            case "extra_keys" -> extras(in);
            case "group_idx" -> counts &= in.integer() == 0;
            case "kv_cache_spec_kind" -> counts &= WHOLE.contains(in.text());
            default -> in.skip();
        }
    }

    private void hashes(MessagePack in) {
        int size = in.array();
        for (int i = 0; i < size; i++) {
            blocks.addHash(in.hash());
        }
    }

    private void tokens(MessagePack in) {
        int size = in.array();
        for (int i = 0; i < size; i++) {
            if (in.nextIsArray()) {
                // Pairs of tokens are not what prompts consist of.
                in.skip();
            } else {
                blocks.addToken((int) in.integer());
            }
        }
    }

    /** Reads a list with a list for each block, or nothing. */
    private void extras(MessagePack in) {
        if (!in.nextIsArray()) {
            in.skip();
            return;
        }
        int size = in.array();
        for (int i = 0; i < size; i++) {
            List<String> ofBlock = new ArrayList<>();
            if (in.nextIsArray()) {
                int keys = in.array();
                for (int k = 0; k < keys; k++) {
                    ofBlock.add(in.description());
                }
            } else if (!in.skippedNil()) {
                ofBlock.add(in.description());
            }
            extras.add(ofBlock);
        }
    }

    private void end() {
        switch (tag) {
            case "BlockStored" -> stored();
            case "BlockRemoved" -> removed();
            case "AllBlocksCleared" -> events.cleared();
            default -> {
                // Newer servers may have more to tell.
            }
        }
    }

    private void stored() {
        // Without tokens the blocks only moved to another memory.
        if (!counts || !blocks.isWhole()) {
            events.skipped();
            return;
        }
        for (List<String> ofBlock : extras) {
            ofBlock.remove(adapter);
        }
        blocks.adapter(adapter);
        blocks.extras(extras);
        events.stored(blocks);
    }

    private void removed() {
        if (!counts) {
            events.skipped();
            return;
        }
        for (int i = 0; i < blocks.count(); i++) {
            events.removed(blocks.hash(i));
        }
    }
}
