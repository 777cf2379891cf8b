package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;

/**
 * Moves a request's body from the client to a server as it comes. Its beginning is held, as far as
 * the limit allows, so that another server can be tried.
 *
 * <p>When the server takes less than the client gives, the client is not read until the server has
 * caught up.
 */
final class RequestFlow {

    private final ClientStream stream;
    private final RequestBody body;
    private final int maxReplayBytes;
    private boolean paused;

    RequestFlow(ClientStream stream, RequestBody body, int maxReplayBytes) {
        this.stream = stream;
        this.body = body;
        this.maxReplayBytes = maxReplayBytes;
    }

    /** Sends a piece and holds it; takes it over. */
    void stream(Attempt attempt, ByteBuf piece) {
        if (!attempt.isConnected()) {
            hold(piece);
            return;
        }
        if (body.canReplay()
                && body.isWithinBudget()
                && body.bytes() + piece.readableBytes() <= maxReplayBytes) {
            body.hold(piece.retainedDuplicate());
            send(attempt, piece);
        } else {
            body.release();
            pass(attempt, piece);
        }
    }

    /** Sends a piece without holding it; takes it over. */
    void pass(Attempt attempt, ByteBuf piece) {
        body.pass(piece);
        send(attempt, piece);
    }

    /** Holds a piece until there is a server for it; takes it over. */
    void hold(ByteBuf piece) {
        body.hold(piece);
        if (body.bytes() > maxReplayBytes) {
            pause();
        }
    }

    /** Reads on when the server can take more. */
    void resume(Attempt attempt) {
        if (paused && attempt.isWritable()) {
            paused = false;
            stream.pauseReading(false);
        }
    }

    private void send(Attempt attempt, ByteBuf piece) {
        attempt.requestPiece(piece);
        if (!attempt.isWritable()) {
            pause();
        }
    }

    private void pause() {
        if (!paused) {
            paused = true;
            stream.pauseReading(true);
        }
    }
}
