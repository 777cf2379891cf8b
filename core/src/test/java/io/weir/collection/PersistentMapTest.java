package io.weir.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;

/** Compares the map with a hash map. */
class PersistentMapTest {

    private static final int EDITS = 1_000;

    /** Keys of few hashes, so that chains and deep nodes come up. */
    private record Key(int number) {
        @Override
        public int hashCode() {
            return number % 3 == 0 ? 7 : number * 31;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 40, 300})
    void editsAndDifferencesAreThoseOfAHashMap(int keys) {
        Random random = new Random(keys);
        Map<Key, Integer> expected = new HashMap<>();
        PersistentMap<Key, Integer> map = PersistentMap.empty();
        for (int i = 0; i < EDITS; i++) {
            PersistentMap<Key, Integer> before = map;
            Map<Key, Integer> known = Map.copyOf(expected);
            int together = random.nextInt(10) == 0 ? 30 : 1;
            for (int j = 0; j < together; j++) {
                Key key = new Key(random.nextInt(keys));
                if (random.nextBoolean()) {
                    int value = random.nextInt(1_000, 1_000_000);
                    expected.put(key, value);
                    map = map.with(key, value);
                } else {
                    expected.remove(key);
                    map = map.without(key);
                }
            }
            assertThat(map.size()).as("edit %d of %d keys", i, keys).isEqualTo(expected.size());
            if (i % 50 == 0) {
                assertThat(map).isEqualTo(expected);
                assertThat(before).isEqualTo(known);
            }
            assertThat(changed(before, map)).isEqualTo(changed(known, expected));
        }
        for (int i = 0; i < keys; i++) {
            Key key = new Key(i);
            assertThat(map.get(key)).isEqualTo(expected.get(key));
            assertThat(map.<Object>find(key.hashCode(), (k, _, n) -> k.number == n, "", i))
                    .isEqualTo(expected.get(key));
        }
    }

    private static Set<Key> changed(
            PersistentMap<Key, Integer> before, PersistentMap<Key, Integer> now) {
        Set<Key> changed = new HashSet<>();
        before.differences(
                now,
                (key, old, value) -> {
                    assertThat(old).isEqualTo(before.get(key));
                    assertThat(value).isEqualTo(now.get(key));
                    assertThat(changed.add(key)).as("%s told once", key).isTrue();
                });
        return changed;
    }

    private static Set<Key> changed(Map<Key, Integer> before, Map<Key, Integer> now) {
        Set<Key> keys = new HashSet<>(before.keySet());
        keys.addAll(now.keySet());
        keys.removeIf(key -> java.util.Objects.equals(before.get(key), now.get(key)));
        return keys;
    }

    @Test
    void aChangeOfALargeMapSharesAlmostEverything() {
        PersistentMap<Integer, String> map = PersistentMap.empty();
        for (int i = 0; i < 100_000; i++) {
            map = map.with(i, "value");
        }
        int[] told = {0};
        map.differences(map.with(50_000, "other"), (_, _, _) -> told[0]++);
        assertThat(told[0]).isOne();
        String value = map.get(1);
        assertThat(map.with(1, value == null ? "" : value)).isSameAs(map);
        assertThat(map.without(-1)).isSameAs(map);
    }

    @Test
    void removingEverythingLeavesTheEmptyMap() {
        var map = PersistentMap.<Key, Integer>empty();
        for (int i = 0; i < 100; i++) {
            map = map.with(new Key(i), i);
        }
        for (int i = 0; i < 100; i++) {
            map = map.without(new Key(i));
        }
        assertThat(map).isEmpty();
        var empty = map.entrySet().iterator();
        assertThatThrownBy(empty::next).isInstanceOf(NoSuchElementException.class);
    }
}
