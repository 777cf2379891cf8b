package io.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

class BlockMapTest {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void itAnswersAsAMapOfTheLibraryDoes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        BlockMap map = new BlockMap();
        Map<Long, KvCache.Block> expected = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            // Few enough hashes to meet again, 0 among them.
            long hash = random.nextInt(4000) * 0x1_0000_0001L;
            if (random.nextInt(3) > 0) {
                KvCache.Block block = new KvCache.Block();
                boolean isNew = expected.putIfAbsent(hash, block) == null;
                assertThat(map.add(block, hash)).isEqualTo(isNew);
            } else {
                expected.remove(hash);
                map.remove(hash);
            }
        }
        for (int i = 0; i < 4000; i++) {
            long hash = i * 0x1_0000_0001L;
            assertThat(map.get(hash)).isSameAs(expected.get(hash));
            assertThat(map.has(hash)).isEqualTo(expected.containsKey(hash));
        }
    }
}
