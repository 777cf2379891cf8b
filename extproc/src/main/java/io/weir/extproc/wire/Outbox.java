package io.weir.extproc.wire;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The replies of one stream, at the pace at which the other side takes them. As long as some wait,
 * no further message is asked for, so that a proxy that does not read holds no more here than it
 * sent already.
 *
 * <p>Thread-safe.
 */
public final class Outbox {

    private static final int BUFFERED_BYTES = 256 << 10;

    private final ServerCallStreamObserver<Reply> call;
    private final Queue<Reply> waiting = new ArrayDeque<>();
    private boolean owesRequest;
    private boolean completes;
    private boolean ended;

    private Outbox(ServerCallStreamObserver<Reply> call) {
        this.call = call;
    }

    /** Takes over the replies of a stream that has just begun, and asks for its first message. */
    static Outbox of(StreamObserver<Reply> replies) {
        Outbox outbox = new Outbox((ServerCallStreamObserver<Reply>) replies);
        outbox.call.disableAutoRequest();
        outbox.call.setOnReadyThreshold(BUFFERED_BYTES);
        outbox.call.setOnReadyHandler(outbox::drain);
        outbox.call.setOnCancelHandler(outbox::cancelled);
        outbox.call.request(1);
        return outbox;
    }

    /** Sends a reply, now or when there is room. */
    public void send(ProcessingResponse reply) {
        send(new Reply.Message(reply));
    }

    /** Sends a reply, now or when there is room. */
    public synchronized void send(Reply reply) {
        if (ended || completes) {
            return;
        }
        if (waiting.isEmpty() && call.isReady()) {
            call.onNext(reply);
        } else {
            waiting.add(reply);
        }
    }

    /** Asks for the next message, now or when all replies are sent. */
    public synchronized void next() {
        if (ended || completes) {
            return;
        }
        if (waiting.isEmpty()) {
            call.request(1);
        } else {
            owesRequest = true;
        }
    }

    /** Ends the stream after the last reply. */
    public synchronized void complete() {
        completes = true;
        drain();
    }

    private synchronized void drain() {
        while (!ended && !waiting.isEmpty() && call.isReady()) {
            call.onNext(waiting.remove());
        }
        if (ended || !waiting.isEmpty()) {
            return;
        }
        if (completes) {
            ended = true;
            call.onCompleted();
        } else if (owesRequest) {
            owesRequest = false;
            call.request(1);
        }
    }

    private synchronized void cancelled() {
        ended = true;
        waiting.clear();
    }
}
