package io.weir.extproc.router;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.grpc.stub.StreamObserver;
import io.weir.body.BodyException;
import io.weir.body.BodyFacts;
import io.weir.body.BodyLimits;
import io.weir.body.BodyScanner;
import io.weir.body.ContentKind;
import io.weir.body.ContentKinds;
import io.weir.body.OpenAiError;
import io.weir.extproc.plugin.BodyRefusal;
import io.weir.extproc.wire.BodyBuffer;
import io.weir.extproc.wire.BodyMode;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.Headers;
import io.weir.extproc.wire.IdleStreams;
import io.weir.extproc.wire.Incoming;
import io.weir.extproc.wire.Outbox;
import io.weir.extproc.wire.Replies;
import io.weir.routing.HeaderRule;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * One request at the body-based router.
 *
 * <pre>
 *   Started ──headers──▶ Reading ──end of body or trailers──▶ Answered ──▶ (response pieces pass)
 *      │                    │
 *      │ no body to read    │ too large, not valid
 *      ▼                    ▼
 *   Answered             Refused
 * </pre>
 */
final class BodyRouterStream implements StreamObserver<Incoming>, IdleStreams.Expiring {

    private static final Logger log = LoggerFactory.getLogger(BodyRouterStream.class);

    private enum State {
        STARTED,
        READING,
        ANSWERED,
        REFUSED
    }

    private final RouterContext context;
    private final Outbox out;
    private final Map<Class<?>, Object> kept;
    private final ResponsePhase response;
    private State state = State.STARTED;
    private BodyMode mode = BodyMode.DUPLEX;
    private @Nullable ByteString changedBody;
    private @Nullable Headers head;
    private Timeline timeline = Timeline.NONE;
    private BodyBuffer body;
    private volatile long lastMessageNanos;

    BodyRouterStream(RouterContext context, Outbox out) {
        this.context = context;
        this.out = out;
        this.body = BodyBuffer.reading(0, context.held());
        this.kept = context.options().plugins().plugins().isEmpty() ? Map.of() : new HashMap<>();
        this.response = new ResponsePhase(context, out, kept);
    }

    @Override
    public synchronized void onNext(Incoming message) {
        if (state == State.REFUSED) {
            return;
        }
        lastMessageNanos = System.nanoTime();
        try {
            take(message);
        } catch (BodyRefusal e) {
            refuse(OpenAiError.refused(e.status(), String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a request could not be served");
            refuse(OpenAiError.internal("The body-based router failed."));
        }
        out.next();
    }

    private void take(Incoming incoming) throws BodyRefusal {
        switch (incoming) {
            case Incoming.AnswerPiece(ByteString bytes, boolean last) -> response.body(bytes, last);
            case Incoming.Message(ProcessingRequest message) -> take(message);
        }
    }

    private void take(ProcessingRequest message) throws BodyRefusal {
        switch (message.getRequestCase()) {
            case REQUEST_HEADERS -> requestHeaders(message);
            case REQUEST_BODY -> requestBody(message.getRequestBody());
            case REQUEST_TRAILERS -> requestTrailers();
            case RESPONSE_HEADERS -> {
                timeline.answered(message.getResponseHeaders());
                response.headers(message.getResponseHeaders());
            }
            case RESPONSE_BODY -> {
                HttpBody piece = message.getResponseBody();
                response.body(piece.getBody(), piece.getEndOfStream());
            }
            case RESPONSE_TRAILERS -> response.trailers();
            case REQUEST_NOT_SET -> log.atDebug().log("an empty message was ignored");
        }
    }

    private void requestHeaders(ProcessingRequest message) {
        if (state != State.STARTED) {
            refuse(OpenAiError.badRequest("Request headers came twice.", null));
            return;
        }
        mode = BodyMode.ofRequests(message);
        response.mode(BodyMode.ofResponses(message));
        Headers headers = Headers.of(message.getRequestHeaders());
        head = headers;
        timeline = Timeline.begin(context.requests(), headers, lastMessageNanos);
        ContentKind kind =
                ContentKinds.of(
                        headers.method(),
                        headers.path(),
                        headers.get("content-type"),
                        headers.get("content-encoding"));
        if (kind == ContentKind.REFUSE) {
            refuse(
                    OpenAiError.unsupportedMediaType(
                            "A request body with a content encoding can't be routed by its model."));
            return;
        }
        if (headers.endOfStream() || kind == ContentKind.PASS_THROUGH || !readsBody()) {
            state = State.ANSWERED;
            Changes changes = timeline.routed(withoutForgedHeaders());
            out.send(Replies.requestHeaders(changes).build());
            return;
        }
        state = State.READING;
        context.reading().add(this);
        body = BodyBuffer.reading(context.options().bodyLimitBytes(), context.held());
        if (mode.isBuffered()) {
            out.send(Replies.requestHeadersUnchanged());
        }
    }

    private boolean readsBody() {
        return mode == BodyMode.DUPLEX || mode.isBuffered();
    }

    private void requestBody(HttpBody piece) throws BodyRefusal {
        switch (state) {
            case READING -> read(piece.getBody(), piece.getEndOfStream());
            case ANSWERED -> pass(piece);
            case STARTED -> refuse(OpenAiError.badRequest("A body came before its headers.", null));
            case REFUSED -> {}
        }
    }

    private void pass(HttpBody piece) {
        if (mode == BodyMode.DUPLEX) {
            Replies.streamRequestBody(piece.getBody(), piece.getEndOfStream(), out::send);
        } else {
            out.send(Replies.requestBodyUnchanged());
        }
    }

    private void read(ByteString piece, boolean last) throws BodyRefusal {
        switch (body.add(piece)) {
            case TOO_LARGE ->
                    refuse(OpenAiError.payloadTooLarge(context.options().bodyLimitBytes()));
            case NO_ROOM -> refuse(OpenAiError.noEndpoints("Too many bodies are held."));
            case HELD -> {
                if (last || mode.isBuffered()) {
                    answer(last);
                }
            }
        }
    }

    /** Trailers end a body whose last piece did not say so. */
    private void requestTrailers() throws BodyRefusal {
        if (state == State.READING) {
            answer(false);
        }
        if (state != State.REFUSED) {
            out.send(Replies.requestTrailersUnchanged());
        }
    }

    private void answer(boolean endOfStream) throws BodyRefusal {
        context.reading().remove(this);
        timeline.read(body.bytes().size());
        boolean isPart = mode == BodyMode.PARTIAL && !endOfStream;
        Changes changes = changes(isPart);
        if (changes == null) {
            return;
        }
        timeline.routed(changes);
        state = State.ANSWERED;
        ByteString changed = changedBody;
        if (changed != null && mode == BodyMode.PARTIAL) {
            changes.remove("content-length");
        } else if (changed != null) {
            changes.set("content-length", Integer.toString(changed.size()));
        }
        if (!mode.isBuffered()) {
            out.send(Replies.requestHeaders(changes).build());
            ByteString toSend = changed == null ? body.bytes() : changed;
            Replies.streamRequestBody(toSend, endOfStream, out::send);
        } else if (changed == null) {
            out.send(Replies.bufferedRequestBody(changes).build());
        } else {
            out.send(Replies.bufferedRequestBody(changes, changed).build());
        }
        body.release();
    }

    private @Nullable Changes changes(boolean isPart) throws BodyRefusal {
        try {
            BodyFacts facts = isPart ? body.factsOfPart() : body.facts();
            PluginMessage message = facts == null ? null : plugged(isPart);
            if (message != null && message.bodyHasChanged()) {
                changedBody = message.bytes();
                facts = facts(message.bytes());
            }
            Changes changes = changesFor(facts == null ? null : facts.model());
            if (message != null) {
                message.applyTo(changes);
            }
            return changes;
        } catch (BodyException e) {
            refuse(OpenAiError.of(e));
            return null;
        }
    }

    /** Returns the request as plugins left it; null where there are none. */
    private @Nullable PluginMessage plugged(boolean isPart) throws BodyRefusal {
        PluginChain plugins = context.options().plugins();
        Headers received = head;
        if (received == null || !plugins.readsRequests()) {
            return null;
        }
        if (isPart) {
            throw new BodyRefusal(
                    413, "The proxy cut the request body off, and plugins need all of it.");
        }
        PluginMessage message = new PluginMessage(received, body.bytes(), kept);
        plugins.request(message, context.observer());
        return message;
    }

    private static BodyFacts facts(ByteString bytes) throws BodyException {
        BodyScanner scanner = new BodyScanner(BodyLimits.DEFAULTS);
        for (ByteBuffer slice : bytes.asReadOnlyByteBufferList()) {
            scanner.feed(slice);
        }
        return scanner.finish();
    }

    private Changes changesFor(@Nullable String model) {
        timeline.model(model);
        if (model == null) {
            context.observer().modelMissing();
            return withoutForgedHeaders();
        }
        if (model.isEmpty()) {
            context.observer().modelEmpty();
            return withoutForgedHeaders();
        }
        Changes changes = byRules(model);
        context.options().modelHeaders().forEach(name -> changes.set(name, model));
        String base = context.baseModels().get().lookup(model);
        if (base == null) {
            context.observer().baseModelUnknown();
            context.options().baseModelHeaders().forEach(changes::remove);
        } else {
            context.observer().routed();
            context.options().baseModelHeaders().forEach(name -> changes.set(name, base));
        }
        return changes;
    }

    private Changes withoutForgedHeaders() {
        Changes changes = byRules(null);
        context.options().modelHeaders().forEach(changes::remove);
        context.options().baseModelHeaders().forEach(changes::remove);
        context.options().plugins().removeOwnHeaders(changes);
        return changes;
    }

    private Changes byRules(@Nullable String model) {
        Changes changes = new Changes();
        Headers received = head;
        if (received == null) {
            return changes;
        }
        for (HeaderRule rule : context.options().rules()) {
            String value = rule.evaluate(received, model);
            if (value == null) {
                changes.remove(rule.header());
            } else {
                changes.set(rule.header(), value);
            }
        }
        return changes;
    }

    private void refuse(OpenAiError error) {
        boolean open = state != State.REFUSED;
        timeline.refused(error.status());
        end();
        context.observer().refused(error.status());
        if (open) {
            Changes headers = new Changes().set("content-type", OpenAiError.CONTENT_TYPE);
            out.send(Replies.immediate(error.status(), headers, ByteString.copyFrom(error.body())));
            out.complete();
        }
    }

    private void end() {
        state = State.REFUSED;
        context.reading().remove(this);
        body.release();
        response.close();
        timeline.end();
    }

    @Override
    public long lastMessageNanos() {
        return lastMessageNanos;
    }

    @Override
    public synchronized void expire() {
        if (state == State.READING) {
            refuse(OpenAiError.requestTimeout("The request body did not come to its end."));
        }
    }

    @Override
    public synchronized void onError(Throwable cause) {
        end();
        log.atDebug().setCause(cause).log("the stream was cancelled");
    }

    @Override
    public synchronized void onCompleted() {
        boolean open = state != State.REFUSED;
        end();
        if (open) {
            out.complete();
        }
    }
}
