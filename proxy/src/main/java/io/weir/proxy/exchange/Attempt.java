package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.weir.picker.Endpoint;
import io.weir.proxy.loop.Deadline;
import io.weir.proxy.upstream.UpstreamConnection;
import io.weir.proxy.upstream.UpstreamFailure;
import io.weir.proxy.upstream.UpstreamUser;

import org.jspecify.annotations.Nullable;

/** One attempt to have one endpoint answer. Tells its exchange what happens until it is over. */
final class Attempt implements UpstreamUser {

    private final ExchangeServing exchange;
    private final Worker worker;
    private final OutgoingRequest request;
    private final Deadline deadline =
            new Deadline() {
                @Override
                protected void expired() {
                    exchange.attemptTimedOut(Attempt.this);
                }
            };

    private @Nullable UpstreamConnection connection;
    private boolean over;

    Attempt(ExchangeServing exchange, Worker worker, OutgoingRequest request) {
        this.exchange = exchange;
        this.worker = worker;
        this.request = request;
    }

    void start(Endpoint endpoint, boolean freshConnection, long timeoutNanos) {
        if (timeoutNanos > 0) {
            worker.timers().arm(deadline, timeoutNanos);
        }
        worker.upstreams().acquire(endpoint, this, freshConnection);
    }

    /** Ends the attempt; a connection in the middle of an answer is closed. */
    void cancel() {
        end();
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    private void end() {
        over = true;
        worker.timers().cancel(deadline);
    }

    boolean isConnected() {
        return connection != null;
    }

    boolean isWritable() {
        return connection != null && connection.isWritable();
    }

    void flush() {
        if (connection != null) {
            connection.flush();
        }
    }

    void pauseReading(boolean pause) {
        if (connection != null) {
            connection.pauseReading(pause);
        }
    }

    /** Sends a further piece of the request's body; takes it over. */
    void requestPiece(ByteBuf piece) {
        if (connection == null) {
            piece.release();
        } else {
            request.piece(connection, piece);
        }
    }

    void requestEnd() {
        if (connection != null) {
            request.end(connection);
        }
    }

    @Override
    public void connected(UpstreamConnection made) {
        if (over) {
            made.putBack();
            return;
        }
        connection = made;
        request.start(made);
        exchange.attemptConnected(this);
    }

    @Override
    public void connectFailed(UpstreamFailure failure, String detail) {
        failed(failure, detail);
    }

    @Override
    public void responseHead(HttpResponse response) {
        if (!over) {
            exchange.responseHead(this, response);
        }
    }

    @Override
    public void responseBody(ByteBuf piece) {
        if (over) {
            piece.release();
        } else {
            exchange.responseBody(piece);
        }
    }

    @Override
    public void responseEnd(HttpHeaders trailers) {
        connection = null;
        if (!over) {
            end();
            exchange.responseEnd(trailers);
        }
    }

    @Override
    public void readComplete() {
        if (!over) {
            exchange.responseReadComplete();
        }
    }

    @Override
    public void writabilityChanged() {
        if (!over) {
            exchange.requestWritabilityChanged();
        }
    }

    @Override
    public void failed(UpstreamFailure failure, String detail) {
        connection = null;
        if (!over) {
            end();
            exchange.attemptFailed(failure, detail);
        }
    }
}
