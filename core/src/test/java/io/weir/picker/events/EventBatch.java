package io.weir.picker.events;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes batches as vLLM does. */
final class EventBatch {

    private final List<Object> events = new ArrayList<>();

    EventBatch stored(int blocks, int blockTokens, String medium) {
        List<Object> event = new ArrayList<>();
        event.add("BlockStored");
        event.add(hashes(blocks));
        event.add(null);
        event.add(tokens(blocks * blockTokens));
        event.add((long) blockTokens);
        event.add(null);
        event.add(medium);
        events.add(event);
        return this;
    }

    EventBatch storedAsMap(int blocks, int blockTokens) {
        events.add(
                Map.of(
                        "type", "BlockStored",
                        "block_hashes", hashes(blocks),
                        "token_ids", tokens(blocks * blockTokens),
                        "block_size", (long) blockTokens,
                        "something_new", Map.of("a", List.of(1L, "b"))));
        return this;
    }

    EventBatch ofKind(String kind, int blocks) {
        events.add(
                Map.of(
                        "type",
                        "BlockStored",
                        "block_hashes",
                        hashes(blocks),
                        "token_ids",
                        tokens(blocks),
                        "block_size",
                        1L,
                        "kv_cache_spec_kind",
                        kind));
        return this;
    }

    /** Stores blocks of given tokens after another block. */
    EventBatch chain(
            @Nullable Long parent,
            int blockTokens,
            int[] tokens,
            @Nullable String adapter,
            @Nullable Object extraKeys) {
        List<@Nullable Object> event = new ArrayList<>();
        List<Object> ids = new ArrayList<>();
        List<Object> hashes = new ArrayList<>();
        for (int token : tokens) {
            ids.add((long) token);
        }
        for (int i = 1; i <= tokens.length / blockTokens; i++) {
            hashes.add((parent == null ? 0 : parent) + i);
        }
        event.add("BlockStored");
        event.add(hashes);
        event.add(parent);
        event.add(ids);
        event.add((long) blockTokens);
        event.add(null);
        event.add("GPU");
        event.add(adapter);
        event.add(extraKeys);
        events.add(event);
        return this;
    }

    EventBatch removedFrom(String medium, int blocks) {
        events.add(List.of("BlockRemoved", hashes(blocks), medium));
        return this;
    }

    EventBatch removedBlock(long hash) {
        events.add(List.of("BlockRemoved", List.of(hash), "GPU"));
        return this;
    }

    EventBatch removed(int blocks) {
        events.add(List.of("BlockRemoved", hashes(blocks), "GPU"));
        return this;
    }

    EventBatch cleared() {
        events.add(List.of("AllBlocksCleared"));
        return this;
    }

    EventBatch other(Object event) {
        events.add(event);
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(new DataOutputStream(bytes), List.of(1.5e9, events, 0L));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static List<Object> hashes(int count) {
        List<Object> hashes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            hashes.add(i % 2 == 0 ? (Object) (Long.MIN_VALUE + i) : new byte[32]);
        }
        return hashes;
    }

    private static List<Object> tokens(int count) {
        List<Object> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(i * 131L);
        }
        return tokens;
    }

    private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeByte(0xc0);
            case Long number -> integer(out, number);
            case Double number -> {
                out.writeByte(0xcb);
                out.writeDouble(number);
            }
            case String text -> {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                out.writeByte(0xd9);
                out.writeByte(utf8.length);
                out.write(utf8);
            }
            case byte[] bytes -> {
                out.writeByte(0xc4);
                out.writeByte(bytes.length);
                out.write(bytes);
            }
            case List<?> list -> {
                out.writeByte(0xdc);
                out.writeShort(list.size());
                for (Object item : list) {
                    write(out, item);
                }
            }
            case Map<?, ?> map -> {
                out.writeByte(0x80 | map.size());
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    write(out, entry.getKey());
                    write(out, entry.getValue());
                }
            }
            default -> throw new IllegalArgumentException(value.toString());
        }
    }

    private static void integer(DataOutputStream out, long number) throws IOException {
        if (number >= 0 && number < 128) {
            out.writeByte((int) number);
        } else if (number >= 0 && number < 65_536) {
            out.writeByte(0xcd);
            out.writeShort((int) number);
        } else {
            out.writeByte(0xcf);
            out.writeLong(number);
        }
    }
}
