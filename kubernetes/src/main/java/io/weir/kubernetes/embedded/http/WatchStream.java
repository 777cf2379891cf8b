package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.engine.Engine;
import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.store.ObjectStore;
import io.weir.kubernetes.embedded.store.StoreEvent;
import io.weir.kubernetes.embedded.store.Stored;
import io.weir.kubernetes.embedded.store.Watch;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One watch. The loop ends when the time is up, when the client is gone, which is noticed at the
 * next line, or when the server closes.
 */
final class WatchStream {

    private static final String EXPIRED = "too old resource version";
    private static final long DEFAULT_SECONDS = 1_800;
    private static final long MAX_SECONDS = 7_200;
    private static final long BOOKMARK_MILLIS = 30_000;

    private final Engine engine;
    private final Replies replies;
    private final Call call;
    private final Served served;
    private final Selection selection;
    private boolean firstObject = true;

    WatchStream(Engine engine, Replies replies, Call call, Served served, Selection selection) {
        this.engine = engine;
        this.replies = replies;
        this.call = call;
        this.served = served;
        this.selection = selection;
    }

    void run() throws IOException, InterruptedException {
        Accepts.of(call.header("Accept"));
        String from = call.parameter("resourceVersion");
        boolean fromNow = from.isEmpty() || from.equals("0");
        boolean initial = call.flag("sendInitialEvents") || fromNow;
        ObjectStore.Listing present = listing();
        long start = initial ? present.version() : version(from);
        Watch watch = watch(start);
        long seconds = Math.clamp(call.number("timeoutSeconds", DEFAULT_SECONDS), 1, MAX_SECONDS);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (OutputStream out = call.stream("application/json")) {
            if (initial) {
                for (Stored stored : present.items()) {
                    write(out, "ADDED", stored);
                }
                if (call.flag("sendInitialEvents")) {
                    bookmark(out, start, true);
                }
            }
            out.flush();
            follow(out, watch, deadline);
        }
    }

    private ObjectStore.Listing listing() {
        return engine.list(served, selection.namespace(), selection.labels(), selection.fields());
    }

    private static long version(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw ApiError.badRequest("resourceVersion: \"" + text + "\" (expected: a number)");
        }
    }

    private Watch watch(long after) {
        try {
            return engine.store().watch(served.info().resource(), after);
        } catch (Watch.Expired e) {
            throw ApiError.expired(EXPIRED + ": " + after);
        }
    }

    private void follow(OutputStream out, Watch watch, long deadline)
            throws IOException, InterruptedException {
        while (!watch.isClosed()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return;
            }
            try {
                long upTo = engine.store().version();
                List<StoreEvent> events = watch.next(0);
                if (events.isEmpty()) {
                    events = watch.next(Math.min(left, BOOKMARK_MILLIS));
                }
                if (events.isEmpty()) {
                    bookmark(out, upTo, false);
                }
                for (StoreEvent event : events) {
                    send(out, event);
                }
                out.flush();
            } catch (Watch.Expired e) {
                line(out, "ERROR", ApiError.expired(EXPIRED).toStatus());
                return;
            }
        }
    }

    /** An object that begins or ceases to be selected appears or disappears. */
    private void send(OutputStream out, StoreEvent event) throws IOException {
        boolean is = event.type() != StoreEvent.Type.DELETED && selection.matches(event.stored());
        Stored previous = event.previous();
        boolean was = previous != null && selection.matches(previous);
        if (is) {
            write(out, was ? "MODIFIED" : "ADDED", event.stored());
        } else if (was) {
            write(out, "DELETED", last(event, previous));
        }
    }

    private static Stored last(StoreEvent event, @Nullable Stored previous) {
        boolean deleted = event.type() == StoreEvent.Type.DELETED;
        if (deleted || previous == null) {
            return event.stored();
        }
        ObjectNode object = Trees.shallowCopy(previous.object());
        ObjectNode metadata = Trees.shallowCopy(Trees.metadata(object));
        metadata.put("resourceVersion", String.valueOf(event.version()));
        object.set("metadata", metadata);
        return new Stored(previous.key(), event.version(), previous.file(), object);
    }

    private void write(OutputStream out, String type, Stored stored) throws IOException {
        ObjectNode object = Engine.spoken(served, stored);
        line(out, type, replies.event(call, served, object, firstObject));
        firstObject = false;
    }

    private void bookmark(OutputStream out, long version, boolean endOfInitial) throws IOException {
        if (!call.flag("allowWatchBookmarks")) {
            return;
        }
        ObjectNode object = Trees.object();
        object.put("kind", served.info().kind()).put("apiVersion", served.apiVersion());
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("resourceVersion", String.valueOf(version));
        metadata.putNull("creationTimestamp");
        if (endOfInitial) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        line(out, "BOOKMARK", object);
    }

    private static void line(OutputStream out, String type, ObjectNode object) throws IOException {
        ObjectNode event = Trees.object();
        event.put("type", type).set("object", object);
        out.write(Trees.bytes(event));
        out.write('\n');
    }
}
