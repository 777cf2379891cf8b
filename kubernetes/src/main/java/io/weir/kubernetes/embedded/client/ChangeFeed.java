package io.weir.kubernetes.embedded.client;

import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.store.ObjectStore;
import io.weir.kubernetes.embedded.store.StoreEvent;
import io.weir.kubernetes.embedded.store.Stored;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Tells listeners of every change of every object. */
public final class ChangeFeed {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);

    private final Kinds kinds;
    private final ObjectStore store;

    public ChangeFeed(Kinds kinds, ObjectStore store) {
        this.kinds = kinds;
        this.store = store;
    }

    /** Ends the calls of a listener. */
    public interface Subscription extends AutoCloseable {

        @Override
        void close();
    }

    /**
     * Begins to call a listener.
     *
     * @param name of its thread
     */
    public Subscription subscribe(String name, ChangeListener listener) {
        Delivery delivery = new Delivery(name, listener);
        delivery.start();
        return delivery;
    }

    private final class Delivery implements Subscription, ObjectStore.Listener {

        private final String name;
        private final ChangeListener listener;
        private final BlockingQueue<Change> queue = new LinkedBlockingQueue<>();
        private final Map<String, KindInfo> known = new HashMap<>();
        private final Thread thread;

        Delivery(String name, ChangeListener listener) {
            this.name = name;
            this.listener = listener;
            this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
        }

        void start() {
            thread.start();
        }

        /** Called under the store's lock. */
        @Override
        public void changed(StoreEvent event) {
            KindInfo kind = kind(event.stored());
            if (kind != null) {
                Change.Type type = Change.Type.valueOf(event.type().name());
                queue.add(new Change(kind, type, event.stored().object(), event.stored().file()));
            }
        }

        /** A kind may be gone before its last object is: then the one of before is told. */
        private @org.jspecify.annotations.Nullable KindInfo kind(Stored stored) {
            String resource = stored.key().resource();
            kinds.resource(resource).ifPresent(kind -> known.put(resource, kind));
            return known.get(resource);
        }

        private void run() {
            List<Change> batch = new ArrayList<>();
            for (Stored stored : store.listen(this)) {
                KindInfo kind = kinds.resource(stored.key().resource()).orElse(null);
                if (kind != null) {
                    batch.add(new Change(kind, Change.Type.ADDED, stored.object(), stored.file()));
                }
            }
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    deliver(List.copyOf(batch));
                    batch.clear();
                    batch.add(queue.take());
                    queue.drainTo(batch);
                }
            } catch (InterruptedException e) {
                LOG.atDebug().addKeyValue("listener", name).log("feed closed");
            }
        }

        private void deliver(List<Change> batch) throws InterruptedException {
            try {
                listener.changed(batch);
            } catch (RuntimeException e) {
                LOG.atError().addKeyValue("listener", name).setCause(e).log("listener failed");
            }
        }

        @Override
        public void close() {
            store.unlisten(this);
            thread.interrupt();
        }
    }
}
