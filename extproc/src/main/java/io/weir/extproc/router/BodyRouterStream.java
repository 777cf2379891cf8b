package io.weir.extproc.router;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.StreamObserver;
import io.weir.body.BodyException;
import io.weir.body.BodyFacts;
import io.weir.body.ContentKind;
import io.weir.body.ContentKinds;
import io.weir.body.OpenAiError;
import io.weir.extproc.wire.BodyBuffer;
import io.weir.extproc.wire.BodyMode;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.HeaderNames;
import io.weir.extproc.wire.Headers;
import io.weir.extproc.wire.Replies;
import io.weir.model.BaseModels;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
final class BodyRouterStream implements StreamObserver<ProcessingRequest> {

    private static final Logger log = LoggerFactory.getLogger(BodyRouterStream.class);

    private enum State {
        STARTED,
        READING,
        ANSWERED,
        REFUSED
    }

    private final BaseModels baseModels;
    private final RouterObserver observer;
    private final long bodyLimitBytes;
    private final StreamObserver<ProcessingResponse> replies;
    private State state = State.STARTED;
    private BodyMode mode = BodyMode.DUPLEX;
    private BodyMode responseMode = BodyMode.DUPLEX;
    private BodyBuffer body = BodyBuffer.holding(0);

    BodyRouterStream(
            BaseModels baseModels,
            RouterObserver observer,
            long bodyLimitBytes,
            StreamObserver<ProcessingResponse> replies) {
        this.baseModels = baseModels;
        this.observer = observer;
        this.bodyLimitBytes = bodyLimitBytes;
        this.replies = replies;
    }

    @Override
    public void onNext(ProcessingRequest message) {
        if (state == State.REFUSED) {
            return;
        }
        switch (message.getRequestCase()) {
            case REQUEST_HEADERS -> requestHeaders(message);
            case REQUEST_BODY -> requestBody(message.getRequestBody());
            case REQUEST_TRAILERS -> requestTrailers();
            case RESPONSE_HEADERS -> replies.onNext(Replies.responseHeaders(new Changes()).build());
            case RESPONSE_BODY -> responseBody(message);
            case RESPONSE_TRAILERS -> replies.onNext(Replies.responseTrailersUnchanged());
            case REQUEST_NOT_SET -> log.atDebug().log("an empty message was ignored");
        }
    }

    private void requestHeaders(ProcessingRequest message) {
        if (state != State.STARTED) {
            refuse(OpenAiError.internal("Request headers came twice."));
            return;
        }
        mode = BodyMode.ofRequests(message);
        responseMode = BodyMode.ofResponses(message);
        Headers headers = Headers.of(message.getRequestHeaders());
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
            replies.onNext(Replies.requestHeaders(withoutForgedHeaders()).build());
            return;
        }
        state = State.READING;
        body = BodyBuffer.reading(bodyLimitBytes);
        if (mode == BodyMode.BUFFERED) {
            replies.onNext(Replies.requestHeadersUnchanged());
        }
    }

    private boolean readsBody() {
        return mode == BodyMode.DUPLEX || mode == BodyMode.BUFFERED;
    }

    private void requestBody(HttpBody piece) {
        switch (state) {
            case READING -> read(piece.getBody(), piece.getEndOfStream());
            case ANSWERED -> pass(piece);
            case STARTED -> refuse(OpenAiError.internal("A body came before its headers."));
            case REFUSED -> {}
        }
    }

    private void pass(HttpBody piece) {
        if (mode == BodyMode.DUPLEX) {
            Replies.streamRequestBody(piece.getBody(), piece.getEndOfStream(), replies::onNext);
        } else {
            replies.onNext(Replies.requestBodyUnchanged());
        }
    }

    private void read(ByteString piece, boolean last) {
        if (!body.add(piece)) {
            refuse(OpenAiError.payloadTooLarge(bodyLimitBytes));
        } else if (last || mode == BodyMode.BUFFERED) {
            answer(true);
        }
    }

    /** Trailers end a body whose last piece did not say so. */
    private void requestTrailers() {
        if (state == State.READING) {
            answer(false);
        }
        if (state != State.REFUSED) {
            replies.onNext(Replies.requestTrailersUnchanged());
        }
    }

    private void answer(boolean endOfStream) {
        Changes changes = changes();
        if (changes == null) {
            return;
        }
        state = State.ANSWERED;
        if (mode == BodyMode.BUFFERED) {
            replies.onNext(Replies.bufferedRequestBody(changes).build());
        } else {
            replies.onNext(Replies.requestHeaders(changes).build());
            Replies.streamRequestBody(body.bytes(), endOfStream, replies::onNext);
        }
        body = BodyBuffer.holding(0);
    }

    private @Nullable Changes changes() {
        try {
            BodyFacts facts = body.facts();
            return changesFor(facts == null ? null : facts.model());
        } catch (BodyException e) {
            refuse(OpenAiError.of(e));
            return null;
        }
    }

    private Changes changesFor(@Nullable String model) {
        if (model == null) {
            observer.modelMissing();
            return withoutForgedHeaders();
        }
        Changes changes = new Changes().set(HeaderNames.MODEL_NAME, model);
        String base = baseModels.lookup(model);
        if (base == null) {
            observer.baseModelUnknown();
            return changes.remove(HeaderNames.BASE_MODEL_NAME);
        }
        observer.routed();
        return changes.set(HeaderNames.BASE_MODEL_NAME, base);
    }

    private static Changes withoutForgedHeaders() {
        return new Changes().remove(HeaderNames.MODEL_NAME).remove(HeaderNames.BASE_MODEL_NAME);
    }

    private void responseBody(ProcessingRequest message) {
        HttpBody piece = message.getResponseBody();
        if (responseMode == BodyMode.DUPLEX) {
            Replies.streamResponseBody(piece.getBody(), piece.getEndOfStream(), replies::onNext);
        } else {
            replies.onNext(Replies.responseBodyUnchanged());
        }
    }

    private void refuse(OpenAiError error) {
        state = State.REFUSED;
        body = BodyBuffer.holding(0);
        observer.refused(error.status());
        Changes headers = new Changes().set("content-type", OpenAiError.CONTENT_TYPE);
        replies.onNext(
                Replies.immediate(error.status(), headers, ByteString.copyFrom(error.body())));
        replies.onCompleted();
    }

    @Override
    public void onError(Throwable cause) {
        state = State.REFUSED;
        body = BodyBuffer.holding(0);
        log.atDebug().setCause(cause).log("the stream was cancelled");
    }

    @Override
    public void onCompleted() {
        if (state != State.REFUSED) {
            state = State.REFUSED;
            replies.onCompleted();
        }
    }
}
