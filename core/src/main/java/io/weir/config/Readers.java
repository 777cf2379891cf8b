package io.weir.config;

import io.weir.collection.PersistentMap;
import io.weir.config.Memo.Read;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who asked about which topic. Immutable.
 *
 * @param <K> names of those who ask
 */
final class Readers<K> {

    private final PersistentMap<Topic, PersistentMap<K, Boolean>> byTopic;

    private Readers(PersistentMap<Topic, PersistentMap<K, Boolean>> byTopic) {
        this.byTopic = byTopic;
    }

    static <K> Readers<K> none() {
        return new Readers<>(PersistentMap.empty());
    }

    /** Returns who asked about one of some topics. */
    Set<K> of(Collection<Topic> topics) {
        Set<K> readers = new HashSet<>();
        for (Topic topic : topics) {
            PersistentMap<K, Boolean> found = byTopic.get(topic);
            if (found != null) {
                readers.addAll(found.keySet());
            }
        }
        return readers;
    }

    /** Returns whether anybody asked about a topic. */
    boolean isRead(Topic topic) {
        return byTopic.containsKey(topic);
    }

    /**
     * Replaces what somebody asked.
     *
     * @param before what he asked before
     * @param now what he asks now
     */
    Readers<K> replaced(K reader, List<Read> before, List<Read> now) {
        Set<Topic> gone = topics(before);
        Set<Topic> come = topics(now);
        PersistentMap<Topic, PersistentMap<K, Boolean>> next = byTopic;
        for (Topic topic : gone) {
            if (!come.contains(topic)) {
                next = without(next, topic, reader);
            }
        }
        for (Topic topic : come) {
            if (!gone.contains(topic)) {
                next = with(next, topic, reader);
            }
        }
        return new Readers<>(next);
    }

    private static <K> PersistentMap<Topic, PersistentMap<K, Boolean>> with(
            PersistentMap<Topic, PersistentMap<K, Boolean>> map, Topic topic, K reader) {
        PersistentMap<K, Boolean> readers = map.get(topic);
        if (readers == null) {
            readers = PersistentMap.empty();
        }
        return map.with(topic, readers.with(reader, Boolean.TRUE));
    }

    private static <K> PersistentMap<Topic, PersistentMap<K, Boolean>> without(
            PersistentMap<Topic, PersistentMap<K, Boolean>> map, Topic topic, K reader) {
        PersistentMap<K, Boolean> readers = map.get(topic);
        if (readers == null) {
            return map;
        }
        PersistentMap<K, Boolean> left = readers.without(reader);
        return left.isEmpty() ? map.without(topic) : map.with(topic, left);
    }

    private static Set<Topic> topics(List<Read> reads) {
        Set<Topic> topics = new HashSet<>();
        reads.forEach(read -> topics.addAll(read.question().topics()));
        return topics;
    }
}
