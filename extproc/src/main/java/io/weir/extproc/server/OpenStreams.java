package io.weir.extproc.server;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the streams that are open. Thread-safe. */
final class OpenStreams extends ServerStreamTracer.Factory {

    private final AtomicInteger open = new AtomicInteger();
    private final StreamListener listener;
    private volatile long lastOpenedNanos = System.nanoTime();

    OpenStreams(StreamListener listener) {
        this.listener = listener;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        open.incrementAndGet();
        lastOpenedNanos = System.nanoTime();
        return new Tracer();
    }

    int count() {
        return open.get();
    }

    /** Returns for how long no stream has begun, in nanoseconds. */
    long quietNanos() {
        return System.nanoTime() - lastOpenedNanos;
    }

    private final class Tracer extends ServerStreamTracer {

        private final long openedNanos = System.nanoTime();

        @Override
        public void streamClosed(Status status) {
            open.decrementAndGet();
            listener.closed(status.getCode(), System.nanoTime() - openedNanos);
        }
    }
}
