package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.weir.body.BodyFacts;
import io.weir.picker.HeaderField;
import io.weir.picker.Reservation;
import io.weir.proxy.http.WeirHeaders;
import io.weir.proxy.loop.Deadline;
import io.weir.proxy.upstream.UpstreamConnection;
import io.weir.proxy.upstream.UpstreamFailure;
import io.weir.proxy.upstream.UpstreamUser;
import io.weir.routing.Backend;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * A copy of a request that goes to a second backend, whose answer nobody sees (Gateway API
 * HTTPRequestMirrorFilter). Nothing that happens to it reaches the exchange.
 *
 * <p>It is sent when the body is complete. A body that streams through is copied up to the replay
 * limit; a longer one is not mirrored.
 */
final class MirrorCopy implements UpstreamUser {

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Worker worker;
    private final IncomingRequest request;
    private final ClientInfo client;
    private final String uri;
    private final @Nullable BodyFacts facts;
    private final Backend backend;
    private final boolean wholeBodyAtOnce;
    private final Deadline deadline =
            new Deadline() {
                @Override
                protected void expired() {
                    end(Reservation.End.FAILED);
                }
            };

    private @Nullable RequestBody body;
    private @Nullable OutgoingRequest outgoing;
    private @Nullable Reservation endpoints;
    private @Nullable UpstreamConnection connection;

    MirrorCopy(
            Worker worker,
            IncomingRequest request,
            ClientInfo client,
            String uri,
            @Nullable BodyFacts facts,
            Backend backend,
            boolean wholeBodyAtOnce) {
        this.worker = worker;
        this.request = request;
        this.client = client;
        this.uri = uri;
        this.facts = facts;
        this.backend = backend;
        this.wholeBodyAtOnce = wholeBodyAtOnce;
        this.body = new RequestBody(worker.alloc(), worker.bodies());
    }

    /** Takes over a piece of the body. */
    void piece(ByteBuf piece) {
        if (body == null) {
            piece.release();
            return;
        }
        body.hold(piece);
        if (!wholeBodyAtOnce && body.bytes() > worker.retryLimits().maxReplayBytes()) {
            drop();
        }
    }

    /** Sends the copy. */
    void complete(HttpHeaders trailers) {
        if (body == null) {
            return;
        }
        body.complete(trailers);
        ExchangeRecord unseen = new ExchangeRecord();
        Target target = Target.of(backend, request, body, facts, worker, unseen, true);
        if (target instanceof Target.Elsewhere elsewhere) {
            // A copy is not worth a picker's time.
            target = elsewhere.anyone(facts, unseen);
        }
        if (target instanceof Target.Waiting waiting) {
            // Nor is it worth a place in a queue.
            waiting.ticket().cancel();
        }
        if (!(target instanceof Target.Endpoints found)) {
            drop();
            return;
        }
        ForwardedHeaders.apply(request, client);
        outgoing =
                new OutgoingRequest(
                        request.method(),
                        uri,
                        request.headers(),
                        body,
                        request.bodyBytes(),
                        found.splice());
        endpoints = found.endpoints();
        for (HeaderField field : endpoints.requestHeaders()) {
            WeirHeaders.setDerived(request.headers(), field.name(), field.value());
        }
        endpoints.whenEvicted(_ -> worker.execute(this::drop));
        worker.timers().arm(deadline, TIMEOUT_NANOS);
        worker.upstreams().acquire(endpoints.current(), this, false);
    }

    /** Gives the copy up. */
    void drop() {
        end(Reservation.End.CANCELLED);
    }

    private void end(Reservation.End how) {
        worker.timers().cancel(deadline);
        if (connection != null) {
            connection.close();
            connection = null;
        }
        if (body != null) {
            body.release();
            body = null;
        }
        if (endpoints != null) {
            endpoints.release(how, -1);
            endpoints = null;
        }
    }

    @Override
    public void connected(UpstreamConnection made) {
        if (outgoing == null || body == null) {
            made.putBack();
            return;
        }
        connection = made;
        outgoing.start(made);
        made.flush();
    }

    @Override
    public void connectFailed(UpstreamFailure failure, String detail) {
        end(Reservation.End.FAILED);
    }

    @Override
    public void responseHead(HttpResponse response) {
        if (endpoints != null) {
            endpoints.firstByte();
        }
    }

    @Override
    public void responseBody(ByteBuf piece) {
        piece.release();
    }

    @Override
    public void responseEnd(HttpHeaders trailers) {
        connection = null;
        end(Reservation.End.COMPLETED);
    }

    @Override
    public void readComplete() {}

    @Override
    public void writabilityChanged() {}

    @Override
    public void failed(UpstreamFailure failure, String detail) {
        connection = null;
        end(Reservation.End.FAILED);
    }
}
