package io.weir.extproc.picker;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.weir.body.BodyException;
import io.weir.body.BodyFacts;
import io.weir.body.ContentKind;
import io.weir.body.ContentKinds;
import io.weir.body.ModelSplice;
import io.weir.extproc.wire.BodyBuffer;
import io.weir.extproc.wire.BodyMode;
import io.weir.extproc.wire.HeaderNames;
import io.weir.extproc.wire.Headers;
import io.weir.extproc.wire.Outbox;
import io.weir.extproc.wire.Replies;
import io.weir.picker.PickResult;
import io.weir.picker.Reservation;
import io.weir.routing.Pool;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/**
 * The request of one stream: its headers, its body as it comes, what it asks for, and the reply
 * with which it goes on to its endpoint.
 */
final class RequestPhase {

    private final PickerContext context;
    private final ExchangeRecord exchange;
    private final Outbox out;
    private BodyMode mode = BodyMode.DUPLEX;
    private BodyBuffer body;
    private @Nullable Headers headers;
    private @Nullable String newRequestId;
    private @Nullable SubsetHint subset;
    private @Nullable EndpointScores scores;
    private boolean asksUsage = true;
    private boolean isPart;

    RequestPhase(PickerContext context, ExchangeRecord exchange, Outbox out) {
        this.context = context;
        this.exchange = exchange;
        this.out = out;
        this.body = BodyBuffer.holding(0, context.held());
    }

    BodyMode mode() {
        return mode;
    }

    /** Returns whether the client asked for usage, or whether it comes unasked. */
    boolean asksUsage() {
        return asksUsage;
    }

    /** The first message that has metadata tells which endpoints may be chosen. */
    void metadata(ProcessingRequest message) {
        boolean reads = !context.options().ignoreSubset();
        if (reads && message.hasMetadataContext() && subset == null) {
            subset = SubsetHint.of(message.getMetadataContext());
        }
    }

    /**
     * Takes the headers.
     *
     * @return what is asked; null when the body has to be read before
     */
    @Nullable Question headers(ProcessingRequest message) {
        mode = BodyMode.ofRequests(message);
        Headers received = Headers.of(message.getRequestHeaders());
        headers = received;
        exchange.method = received.method();
        exchange.path = received.path();
        exchange.requestId = requestId(received);
        context.observer().begun(exchange, received::get);
        boolean bodyFollows = !received.endOfStream() && mode != BodyMode.NONE;
        if (!bodyFollows || mode == BodyMode.STREAMED) {
            return new Question(received, null, Told.NOTHING, received.endOfStream());
        }
        body = newBody(isRead(received));
        return null;
    }

    /** Envoy sends no body in this mode before its headers are answered. */
    void letBodyCome() {
        if (mode.isBuffered()) {
            out.send(Replies.requestHeadersUnchanged());
        }
    }

    private String requestId(Headers received) {
        String given = received.get(HeaderNames.REQUEST_ID);
        if (given == null) {
            newRequestId = UUID.randomUUID().toString();
        }
        return given == null ? String.valueOf(newRequestId) : given;
    }

    private BodyBuffer newBody(boolean read) {
        long limit = context.options().bodyLimitBytes();
        return read
                ? BodyBuffer.reading(limit, context.held())
                : BodyBuffer.holding(limit, context.held());
    }

    private static boolean isRead(Headers headers) {
        return ContentKinds.of(
                        headers.method(),
                        headers.path(),
                        headers.get("content-type"),
                        headers.get("content-encoding"))
                == ContentKind.SCAN;
    }

    BodyBuffer.Added add(ByteString piece) {
        return body.add(piece);
    }

    /**
     * The body has come.
     *
     * @param endOfStream whether its last piece said so
     * @throws BodyException when it is not valid
     */
    @Nullable Question complete(boolean endOfStream) throws BodyException {
        exchange.bodyReadNanos = System.nanoTime();
        exchange.requestBytes = body.bytes().size();
        Headers received = headers;
        if (received == null) {
            return null;
        }
        isPart = mode == BodyMode.PARTIAL && !endOfStream;
        BodyFacts facts = facts(received);
        asksUsage = asksUsage(received, facts);
        Told told = told(received, facts);
        exchange.streamed = told.stream();
        return new Question(received, facts, told, endOfStream);
    }

    private @Nullable BodyFacts facts(Headers received) throws BodyException {
        boolean named = ModelApis.include(received);
        try {
            BodyFacts facts = isPart ? body.factsOfPart() : body.facts();
            return named || facts == null || facts.model() != null ? facts : null;
        } catch (BodyException e) {
            if (named) {
                throw e;
            }
            return null;
        }
    }

    private Told told(Headers received, @Nullable BodyFacts facts) {
        if (facts == null) {
            return GrpcRequestReader.read(received.path(), body.bytes());
        }
        return Told.json(body, facts, isPart ? null : new SentBody(received.path(), body, facts));
    }

    /**
     * Streams of the two older APIs tell usage only when they are asked to; others always do. So
     * may those of requests whose end nobody saw.
     */
    private boolean asksUsage(Headers received, @Nullable BodyFacts facts) {
        return isPart
                || facts == null
                || facts.includeUsage()
                || !received.path().endsWith("/completions");
    }

    /** Settles the model; null when there is none to be found in a body that has to name one. */
    @Nullable String model(Question question, Pool pool) {
        return pickFrom(pool, question).targetModel(question.facts());
    }

    PickResult pick(Question question, Pool pool, @Nullable String model) {
        scores = context.options().emitScores() ? new EndpointScores() : null;
        return pickFrom(pool, question)
                .pick(question.facts(), question.told(), model, subset, scores);
    }

    private Pick pickFrom(Pool pool, Question question) {
        return new Pick(context.target(), pool, question.headers(), exchange);
    }

    /** Tells the proxy the endpoint, and gives the body back. */
    void sendOn(Question question, @Nullable String model, Reservation found) {
        ModelSplice splice = Pick.splice(question.facts(), model);
        ByteString toSend = splice == null ? body.bytes() : body.spliced(splice);
        int fallbacks = context.options().fallbacks();
        PickedReply reply =
                new PickedReply(question.headers(), found, fallbacks, scores, exchange.trace);
        boolean sawBody = exchange.bodyReadNanos != 0;
        if (!sawBody) {
            out.send(reply.withHeaders(newRequestId));
        } else if (!mode.isBuffered()) {
            out.send(reply.withHeaders(newRequestId, toSend));
        } else if (splice == null) {
            out.send(reply.withBody(newRequestId));
        } else if (mode == BodyMode.PARTIAL) {
            out.send(reply.withPart(newRequestId, toSend));
        } else {
            out.send(reply.withBody(newRequestId, toSend));
        }
        if (sawBody && mode == BodyMode.DUPLEX) {
            Replies.streamRequestBody(toSend, question.endOfStream(), out::send);
        }
        body.release();
    }

    void release() {
        body.release();
    }
}
