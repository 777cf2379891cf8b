package io.weir.picker.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.picker.prefix.BlockIndex;
import io.weir.picker.prefix.StoredBlocks;
import io.weir.picker.prefix.TokenChain;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

class KvEventReaderTest {

    @Test
    void eventsAreReadAsArraysAndAsMaps() {
        byte[] batch =
                new EventBatch()
                        .stored(3, 16, "GPU")
                        .storedAsMap(2, 32)
                        .removed(5)
                        .cleared()
                        .bytes();

        assertThat(read(batch))
                .containsExactly(
                        "3 blocks of 16",
                        "2 blocks of 32",
                        "-8000000000000000",
                        "-0",
                        "-8000000000000002",
                        "-0",
                        "-8000000000000004",
                        "cleared");
    }

    @Test
    void whatDoesNotConcernPrefixesInTheGpuIsLeftOut() {
        byte[] batch =
                new EventBatch()
                        .stored(3, 16, "CPU")
                        .ofKind("sliding_window", 4)
                        .ofKind("mla_attention", 7)
                        .removedFrom("CPU", 2)
                        .other(List.of("SomethingNew", 1L, "x"))
                        .other(List.of("BlockStored", List.of(1L), 0L, List.of(), 16L))
                        .other(Map.of("type", "AllBlocksCleared"))
                        .bytes();

        assertThat(read(batch))
                .containsExactly(
                        "skipped", "skipped", "7 blocks of 1", "skipped", "skipped", "cleared");
    }

    @Test
    void tokensParentsAdaptersAndSaltsSayWhatABlockHolds() {
        int[] prompt = {1, 2, 3, 4, 70_000, 6, 7, 8, 9};
        int[] first = Arrays.copyOf(prompt, 4);
        int[] rest = Arrays.copyOfRange(prompt, 4, 8);
        List<Object> salted = new ArrayList<>();
        salted.add(List.of("sql", "tenant"));
        salted.add(List.of("sql"));

        BlockIndex base =
                index(
                        new EventBatch()
                                .chain(null, 2, first, null, null)
                                .chain(2L, 2, rest, null, null)
                                .chain(100L, 2, rest, null, null)
                                .removedBlock(4));
        BlockIndex adapter = index(new EventBatch().chain(null, 2, first, "sql", salted));

        assertThat(base.match(chain(prompt, "", ""), 0, 0)).isEqualTo(3);
        assertThat(base.match(chain(prompt, "sql", ""), 0, 0)).isZero();
        assertThat(adapter.match(chain(prompt, "sql", "tenant"), 0, 0)).isEqualTo(2);
        assertThat(adapter.match(chain(prompt, "sql", ""), 0, 0)).isZero();
        assertThat(adapter.match(chain(prompt, "", "tenant"), 0, 0)).isZero();
    }

    private static BlockIndex index(EventBatch batch) {
        BlockIndex index = new BlockIndex();
        new KvEventReader(new Written(new ArrayList<>(), index))
                .read(ByteBuffer.wrap(batch.bytes()));
        return index;
    }

    @Test
    void mediaKeepBlocksApart() {
        int[] prompt = {1, 2, 3, 4};
        List<Object> media = new ArrayList<>();
        media.add(null);
        media.add(List.of(List.of("hash of an image", 3L)));

        BlockIndex index = index(new EventBatch().chain(null, 2, prompt, null, media));

        assertThat(index.match(chain(prompt, "", ""), 0, 0)).isEqualTo(1);
    }

    private static TokenChain chain(int[] prompt, String adapter, String salt) {
        return TokenChain.of(prompt, prompt.length, adapter, salt, 2, 100);
    }

    @Test
    void brokenBatchesAreRefusedAndNeverEndless() {
        byte[] batch = new EventBatch().stored(3, 16, "GPU").removed(2).storedAsMap(1, 16).bytes();
        for (int length = 0; length < batch.length - 1; length++) {
            byte[] part = Arrays.copyOf(batch, length);
            if (length < batch.length - 2) {
                assertThatThrownBy(() -> read(part)).isInstanceOf(RuntimeException.class);
            }
        }
        SplittableRandom random = new SplittableRandom(5);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = batch.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            try {
                read(changed);
            } catch (RuntimeException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private static List<String> read(byte[] batch) {
        List<String> events = new ArrayList<>();
        new KvEventReader(new Written(events, new BlockIndex())).read(ByteBuffer.wrap(batch));
        return events;
    }

    private record Written(List<String> events, BlockIndex index) implements KvEventSink {

        @Override
        public void stored(StoredBlocks blocks) {
            events.add(blocks.count() + " blocks of " + blocks.blockTokens());
            index.stored(blocks);
        }

        @Override
        public void removed(long hash) {
            events.add("-" + Long.toHexString(hash));
            index.removed(hash);
        }

        @Override
        public void cleared() {
            events.add("cleared");
        }

        @Override
        public void skipped() {
            events.add("skipped");
        }
    }
}
