package io.weir.picker.builtin;

import com.dynatrace.hash4j.hashing.Hashing;

import io.weir.picker.HeaderField;
import io.weir.picker.plugin.Chosen;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PickObserver;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.state.EndpointState;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * {@code mm-embeddings-cache-scorer}: by how many of the request's images, recordings and videos a
 * server has read lately; a server that read one still has its embedding.
 *
 * <p>An item is known by the hash of its URL. What a server has read is kept in a table of a fixed
 * size, in which newer items replace older ones of the same place.
 *
 * <p>Thread-safe: two threads may overwrite one another's items, which is then as if one had never
 * been read.
 */
final class MediaCache implements Scorer, PickObserver {

    private static final String ENCODE = "encode";
    private static final int MOST_SERVERS = 4096;

    private final int items;
    private final Map<EndpointState.Key, long[]> servers = new ConcurrentHashMap<>();

    /**
     * Returns a scorer.
     *
     * @param items most items remembered for one server
     */
    MediaCache(int items) {
        this.items = items;
    }

    @Override
    public void score(PickContext context, double[] scores) {
        List<ByteBuffer> media = context.request().details().media();
        long[] hashes = new long[media.size()];
        int distinct = distinct(media, hashes);
        for (int i = 0; i < context.size(); i++) {
            scores[i] = distinct == 0 ? 0 : share(context.endpoint(i), hashes, distinct);
        }
    }

    @Override
    public void picked(PickContext context, Chosen chosen, Consumer<HeaderField> headers) {
        List<ByteBuffer> media = context.request().details().media();
        if (media.isEmpty()) {
            return;
        }
        EndpointState encoder = chosen.of(ENCODE);
        long[] table = table(encoder != null ? encoder : chosen.primaryState());
        for (ByteBuffer item : media) {
            long hash = hash(item);
            table[place(hash, table)] = hash;
        }
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }

    private double share(EndpointState endpoint, long[] hashes, int distinct) {
        long[] table = servers.get(endpoint.key());
        if (table == null) {
            return 0;
        }
        int known = 0;
        for (int i = 0; i < distinct; i++) {
            known += table[place(hashes[i], table)] == hashes[i] ? 1 : 0;
        }
        return (double) known / distinct;
    }

    private long[] table(EndpointState endpoint) {
        long[] present = servers.get(endpoint.key());
        if (present != null) {
            return present;
        }
        if (servers.size() >= MOST_SERVERS) {
            servers.clear();
        }
        return servers.computeIfAbsent(endpoint.key(), _ -> new long[items]);
    }

    private static int distinct(List<ByteBuffer> media, long[] hashes) {
        int count = 0;
        for (int i = 0; i < media.size(); i++) {
            long hash = hash(media.get(i));
            if (!contains(hashes, count, hash)) {
                hashes[count++] = hash;
            }
        }
        return count;
    }

    private static boolean contains(long[] hashes, int count, long hash) {
        for (int i = 0; i < count; i++) {
            if (hashes[i] == hash) {
                return true;
            }
        }
        return false;
    }

    private static int place(long hash, long[] table) {
        return (int) Long.remainderUnsigned(hash, table.length);
    }

    /** Returns a hash that is not 0, which stands for nothing. */
    private static long hash(ByteBuffer item) {
        byte[] bytes = new byte[item.remaining()];
        item.duplicate().get(bytes);
        return Hashing.xxh3_64().hashBytesToLong(bytes) | 1;
    }
}
