package io.weir.routing;

import io.weir.collection.PersistentMap;
import io.weir.routing.MatchEntry.ExactHeader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Matches whose paths are equally specific, in order of precedence. Immutable.
 *
 * <p>Thousands of routes may share one path and differ by one header, the model's name for
 * instance: a large bucket is therefore also indexed by the values of its commonest exact header
 * condition. Which one that is, is looked at again when the bucket has grown or shrunk to half.
 */
final class MatchBucket {

    static final MatchBucket EMPTY =
            new MatchBucket(
                    new MatchEntry[0], null, PersistentMap.empty(), new MatchEntry[0], 0, 0);

    private static final int LEAST_INDEXED = 8;
    private static final MatchEntry[] NONE = {};

    private final MatchEntry[] entries;
    private final @Nullable ExactHeader header;
    private final PersistentMap<String, MatchEntry[]> byValue;
    private final MatchEntry[] others;
    private final int bodyMatches;
    private final int sizeAtChoice;

    private MatchBucket(
            MatchEntry[] entries,
            @Nullable ExactHeader header,
            PersistentMap<String, MatchEntry[]> byValue,
            MatchEntry[] others,
            int bodyMatches,
            int sizeAtChoice) {
        this.entries = entries;
        this.header = header;
        this.byValue = byValue;
        this.others = others;
        this.bodyMatches = bodyMatches;
        this.sizeAtChoice = sizeAtChoice;
    }

    boolean isEmpty() {
        return entries.length == 0;
    }

    /** Returns how many matches have a condition on a header that is derived from the body. */
    int bodyMatches() {
        return bodyMatches;
    }

    @Nullable MatchEntry first(RequestHead head, boolean withBody) {
        if (header == null || (header.fromBody() && !withBody)) {
            return firstOf(entries, NONE, head, withBody);
        }
        String value = head.header(header.name());
        MatchEntry[] same = value == null ? null : byValue.get(value);
        return firstOf(same == null ? NONE : same, others, head, withBody);
    }

    /** Tests the entries of two sorted lists in the order of both together. */
    private static @Nullable MatchEntry firstOf(
            MatchEntry[] a, MatchEntry[] b, RequestHead head, boolean withBody) {
        int i = 0;
        int j = 0;
        while (i < a.length || j < b.length) {
            boolean takeA = j == b.length || (i < a.length && a[i].compareTo(b[j]) < 0);
            MatchEntry entry = takeA ? a[i++] : b[j++];
            if (entry.matches(head, withBody)) {
                return entry;
            }
        }
        return null;
    }

    /** What goes out of a bucket and into it. */
    static final class Change {
        private final List<MatchEntry> gone = new ArrayList<>(1);
        private final List<MatchEntry> added = new ArrayList<>(1);

        /** Takes out the entry that is made of the same match. */
        void remove(MatchEntry entry) {
            gone.add(entry);
        }

        void add(MatchEntry entry) {
            added.add(entry);
        }
    }

    /** Returns this bucket with some entries changed. */
    MatchBucket with(Change change) {
        MatchEntry[] all = changed(entries, change.gone, change.added);
        int body = bodyMatches + bodyMatches(change.added) - bodyMatches(change.gone);
        boolean other = all.length >= 2 * sizeAtChoice || all.length <= sizeAtChoice / 2;
        return other ? indexed(all, body) : with(change, all, body);
    }

    private static int bodyMatches(List<MatchEntry> entries) {
        return (int) entries.stream().filter(MatchEntry::dependsOnBody).count();
    }

    private MatchBucket with(Change change, MatchEntry[] all, int body) {
        ExactHeader by = header;
        if (by == null) {
            return new MatchBucket(all, null, byValue, others, body, sizeAtChoice);
        }
        PersistentMap<String, MatchEntry[]> values = byValue;
        MatchEntry[] rest = others;
        for (MatchEntry entry : change.gone) {
            String value = entry.exactValue(by);
            if (value == null) {
                rest = changed(rest, List.of(entry), List.of());
            } else {
                values = put(values, value, List.of(entry), List.of());
            }
        }
        for (MatchEntry entry : change.added) {
            String value = entry.exactValue(by);
            if (value == null) {
                rest = changed(rest, List.of(), List.of(entry));
            } else {
                values = put(values, value, List.of(), List.of(entry));
            }
        }
        return new MatchBucket(all, by, values, rest, body, sizeAtChoice);
    }

    private static PersistentMap<String, MatchEntry[]> put(
            PersistentMap<String, MatchEntry[]> values,
            String value,
            List<MatchEntry> gone,
            List<MatchEntry> added) {
        MatchEntry[] before = values.get(value);
        MatchEntry[] now = changed(before == null ? NONE : before, gone, added);
        return now.length == 0 ? values.without(value) : values.with(value, now);
    }

    /** Returns sorted entries with some taken out and others put in. */
    private static MatchEntry[] changed(
            MatchEntry[] sorted, List<MatchEntry> gone, List<MatchEntry> added) {
        MatchEntry[] kept = without(sorted, gone);
        List<MatchEntry> ascending = added.stream().sorted().toList();
        MatchEntry[] all = new MatchEntry[kept.length + ascending.size()];
        int from = 0;
        int to = 0;
        for (MatchEntry entry : ascending) {
            int found = Arrays.binarySearch(kept, from, kept.length, entry);
            int place = found < 0 ? -found - 1 : found;
            System.arraycopy(kept, from, all, to, place - from);
            to += place - from;
            from = place;
            all[to++] = entry;
        }
        System.arraycopy(kept, from, all, to, kept.length - from);
        return all;
    }

    private static MatchEntry[] without(MatchEntry[] sorted, List<MatchEntry> gone) {
        if (gone.isEmpty()) {
            return sorted;
        }
        BitSet places = new BitSet();
        gone.forEach(entry -> places.set(Arrays.binarySearch(sorted, entry)));
        MatchEntry[] kept = new MatchEntry[sorted.length - gone.size()];
        int from = 0;
        int to = 0;
        for (int i = places.nextSetBit(0); i >= 0; i = places.nextSetBit(i + 1)) {
            System.arraycopy(sorted, from, kept, to, i - from);
            to += i - from;
            from = i + 1;
        }
        System.arraycopy(sorted, from, kept, to, sorted.length - from);
        return kept;
    }

    private static MatchBucket indexed(MatchEntry[] all, int body) {
        ExactHeader header = commonest(all);
        PersistentMap<String, MatchEntry[]> byValue = PersistentMap.empty();
        if (header == null) {
            return new MatchBucket(all, null, byValue, NONE, body, all.length);
        }
        Map<String, List<MatchEntry>> values =
                Stream.of(all)
                        .filter(entry -> entry.exactValue(header) != null)
                        .collect(Collectors.groupingBy(entry -> value(entry, header)));
        for (Map.Entry<String, List<MatchEntry>> value : values.entrySet()) {
            byValue = byValue.with(value.getKey(), value.getValue().toArray(NONE));
        }
        MatchEntry[] others =
                Stream.of(all)
                        .filter(entry -> entry.exactValue(header) == null)
                        .toArray(MatchEntry[]::new);
        return new MatchBucket(all, header, byValue, others, body, all.length);
    }

    private static String value(MatchEntry entry, ExactHeader header) {
        String value = entry.exactValue(header);
        return value == null ? "" : value;
    }

    /** Headers that are known before the body win, so that both kinds of search are fast. */
    private static @Nullable ExactHeader commonest(MatchEntry[] entries) {
        if (entries.length < LEAST_INDEXED) {
            return null;
        }
        Map<ExactHeader, Long> counts =
                Stream.of(entries)
                        .flatMap(MatchEntry::exactHeaders)
                        .collect(Collectors.groupingBy(header -> header, Collectors.counting()));
        return counts.entrySet().stream()
                .max(
                        Map.Entry.<ExactHeader, Long>comparingByValue()
                                .thenComparing(e -> !e.getKey().fromBody())
                                .thenComparing(e -> e.getKey().name(), Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .orElse(null);
    }
}
