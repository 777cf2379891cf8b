package io.weir.extproc.client;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc.ExternalProcessorImplBase;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.HeaderNames;
import io.weir.extproc.wire.Replies;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A picker that does with each message what a test wants. */
final class ScriptedPicker extends ExternalProcessorImplBase {

    /** One stream of it. */
    interface Script {
        void on(ProcessingRequest message, StreamObserver<ProcessingResponse> replies);
    }

    private final List<ProcessingRequest> messages = new CopyOnWriteArrayList<>();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile Supplier<Script> script = () -> (_, _) -> {};

    /** Plays a script on every stream. */
    ScriptedPicker play(Script each) {
        script = () -> each;
        return this;
    }

    ScriptedPicker playNew(Supplier<Script> each) {
        script = each;
        return this;
    }

    /** Picks like the reference: everything is answered when the body is complete. */
    static Script reference(String destination) {
        return new Script() {
            private ByteString body = ByteString.EMPTY;

            @Override
            public void on(ProcessingRequest message, StreamObserver<ProcessingResponse> replies) {
                switch (message.getRequestCase()) {
                    case REQUEST_HEADERS -> {
                        if (message.getRequestHeaders().getEndOfStream()) {
                            replies.onNext(picked(destination));
                        }
                    }
                    case REQUEST_BODY -> {
                        body = body.concat(message.getRequestBody().getBody());
                        if (message.getRequestBody().getEndOfStream()) {
                            replies.onNext(picked(destination));
                            Replies.streamRequestBody(
                                    body, true, reply -> replies.onNext(reply.message()));
                        }
                    }
                    case RESPONSE_HEADERS ->
                            replies.onNext(
                                    Replies.responseHeaders(
                                                    new Changes()
                                                            .set(
                                                                    "x-went-into-resp-headers",
                                                                    "true"))
                                            .build());
                    case RESPONSE_BODY ->
                            Replies.streamResponseBody(
                                    message.getResponseBody().getBody(),
                                    message.getResponseBody().getEndOfStream(),
                                    reply -> replies.onNext(reply.message()));
                    default -> {}
                }
            }
        };
    }

    static ProcessingResponse picked(String destination) {
        return picked(destination, new Changes());
    }

    static ProcessingResponse picked(String destination, Changes changes) {
        return Replies.requestHeaders(changes.set(HeaderNames.DESTINATION, destination))
                .setDynamicMetadata(
                        Replies.metadata(
                                HeaderNames.LB_NAMESPACE, HeaderNames.DESTINATION, destination))
                .build();
    }

    @Override
    public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> replies) {
        streams.incrementAndGet();
        ((ServerCallStreamObserver<ProcessingResponse>) replies)
                .setOnCancelHandler(cancelled::incrementAndGet);
        Script played = script.get();
        return new StreamObserver<>() {
            @Override
            public void onNext(ProcessingRequest message) {
                messages.add(message);
                played.on(message, replies);
            }

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onCompleted() {
                ended.incrementAndGet();
                replies.onCompleted();
            }
        };
    }

    List<ProcessingRequest> messages() {
        return messages;
    }

    int streams() {
        return streams.get();
    }

    int cancelled() {
        return cancelled.get();
    }

    int ended() {
        return ended.get();
    }
}
