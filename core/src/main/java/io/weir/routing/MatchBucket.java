package io.weir.routing;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Matches whose paths are equally specific, in order of precedence.
 *
 * <p>Thousands of routes may share one path and differ by one header, the model's name for
 * instance: a large bucket is therefore also indexed by the values of its commonest exact header
 * condition.
 */
final class MatchBucket {

    private static final int LEAST_INDEXED = 8;
    private static final int[] NONE = {};

    private final MatchEntry[] entries;
    private final MatchEntry.@Nullable ExactHeader header;
    private final Map<String, int[]> byValue;
    private final int[] others;

    MatchBucket(List<MatchEntry> unsorted) {
        this.entries = unsorted.stream().sorted().toArray(MatchEntry[]::new);
        this.header = commonest(unsorted);
        this.byValue = header == null ? Map.of() : positionsByValue(header);
        this.others = header == null ? NONE : positionsWithout(header);
    }

    /** Returns the entries in order of precedence. */
    Stream<MatchEntry> entries() {
        return Stream.of(entries);
    }

    boolean dependsOnBody() {
        return entries().anyMatch(MatchEntry::dependsOnBody);
    }

    @Nullable MatchEntry first(RequestHead head, boolean withBody) {
        if (header == null || (header.fromBody() && !withBody)) {
            return firstOfAll(head, withBody);
        }
        String value = head.header(header.name());
        int[] same = value == null ? NONE : byValue.getOrDefault(value, NONE);
        return firstOfTwo(same, others, head, withBody);
    }

    private @Nullable MatchEntry firstOfAll(RequestHead head, boolean withBody) {
        for (MatchEntry entry : entries) {
            if (entry.matches(head, withBody)) {
                return entry;
            }
        }
        return null;
    }

    /** Tests the entries at two ascending lists of positions in the order of both together. */
    private @Nullable MatchEntry firstOfTwo(int[] a, int[] b, RequestHead head, boolean withBody) {
        int i = 0;
        int j = 0;
        while (i < a.length || j < b.length) {
            boolean takeA = j == b.length || (i < a.length && a[i] < b[j]);
            MatchEntry entry = entries[takeA ? a[i++] : b[j++]];
            if (entry.matches(head, withBody)) {
                return entry;
            }
        }
        return null;
    }

    /** Headers that are known before the body win, so that both kinds of search are fast. */
    private static MatchEntry.@Nullable ExactHeader commonest(List<MatchEntry> entries) {
        if (entries.size() < LEAST_INDEXED) {
            return null;
        }
        Map<MatchEntry.ExactHeader, Long> counts =
                entries.stream()
                        .flatMap(MatchEntry::exactHeaders)
                        .collect(Collectors.groupingBy(header -> header, Collectors.counting()));
        return counts.entrySet().stream()
                .max(
                        Map.Entry.<MatchEntry.ExactHeader, Long>comparingByValue()
                                .thenComparing(e -> !e.getKey().fromBody())
                                .thenComparing(e -> e.getKey().name(), Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    private Map<String, int[]> positionsByValue(MatchEntry.ExactHeader header) {
        Map<String, IntStream.Builder> positions = new HashMap<>();
        for (int i = 0; i < entries.length; i++) {
            String value = entries[i].exactValue(header);
            if (value != null) {
                positions.computeIfAbsent(value, _ -> IntStream.builder()).add(i);
            }
        }
        Map<String, int[]> arrays = HashMap.newHashMap(positions.size());
        positions.forEach((value, builder) -> arrays.put(value, builder.build().toArray()));
        return arrays;
    }

    private int[] positionsWithout(MatchEntry.ExactHeader header) {
        return IntStream.range(0, entries.length)
                .filter(i -> entries[i].exactValue(header) == null)
                .toArray();
    }
}
