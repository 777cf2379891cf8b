package io.weir.extproc.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;

import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode.BodySendMode;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpTrailers;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProtocolConfiguration;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One stream to a service, spoken as Envoy does, over a real gRPC channel. */
public final class ProxySide implements AutoCloseable {

    private final Runnable closing;
    private final StreamObserver<ProcessingRequest> requests;
    private final LinkedBlockingQueue<ProcessingResponse> replies = new LinkedBlockingQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private BodySendMode mode = BodySendMode.FULL_DUPLEX_STREAMED;
    private @Nullable Metadata metadata;
    private boolean finished;
    private boolean raw = true;
    private String besides = "";

    public ProxySide(BindableService service) {
        String name = UUID.randomUUID().toString();
        Server server;
        try {
            server =
                    InProcessServerBuilder.forName(name)
                            .directExecutor()
                            .addService(service)
                            .build()
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ManagedChannel channel = InProcessChannelBuilder.forName(name).directExecutor().build();
        closing =
                () -> {
                    channel.shutdownNow();
                    server.shutdownNow();
                };
        requests = ExternalProcessorGrpc.newStub(channel).process(new Collector());
    }

    /** Opens a stream over a channel, which stays open. */
    public ProxySide(Channel channel) {
        closing = () -> {};
        requests = ExternalProcessorGrpc.newStub(channel).process(new Collector());
    }

    private final class Collector implements StreamObserver<ProcessingResponse> {
        @Override
        public void onNext(ProcessingResponse reply) {
            replies.add(reply);
        }

        @Override
        public void onError(Throwable cause) {
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            ended.countDown();
        }
    }

    public ProxySide mode(BodySendMode newMode) {
        mode = newMode;
        return this;
    }

    /** Offers only these endpoints. */
    public ProxySide subset(String... endpoints) {
        ListValue.Builder list = ListValue.newBuilder();
        for (String endpoint : endpoints) {
            list.addValues(Value.newBuilder().setStringValue(endpoint));
        }
        metadata =
                of(
                        "envoy.lb.subset_hint",
                        "x-gateway-destination-endpoint-subset",
                        Value.newBuilder().setListValue(list).build());
        return this;
    }

    /** Sends metadata along. */
    public ProxySide metadata(String namespace, String key, Value value) {
        metadata = of(namespace, key, value);
        return this;
    }

    private static Metadata of(String namespace, String key, Value value) {
        return Metadata.newBuilder()
                .putFilterMetadata(namespace, Struct.newBuilder().putFields(key, value).build())
                .build();
    }

    /** Puts values where older senders do. */
    public ProxySide onlySaying() {
        raw = false;
        return this;
    }

    /** Puts a text beside the raw values. */
    public ProxySide alsoSaying(String text) {
        besides = text;
        return this;
    }

    public ProxySide requestHeaders(boolean endOfStream, String... namesAndValues) {
        ProcessingRequest.Builder message =
                ProcessingRequest.newBuilder()
                        .setRequestHeaders(headers(endOfStream, namesAndValues))
                        .setProtocolConfig(
                                ProtocolConfiguration.newBuilder()
                                        .setRequestBodyMode(mode)
                                        .setResponseBodyMode(mode));
        if (metadata != null) {
            message.setMetadataContext(metadata);
        }
        requests.onNext(message.build());
        return this;
    }

    /** Headers of a POST with JSON. */
    public ProxySide chatHeaders(String... namesAndValues) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                ":method",
                                "POST",
                                ":path",
                                "/v1/chat/completions",
                                "content-type",
                                "application/json"));
        all.addAll(List.of(namesAndValues));
        return requestHeaders(false, all.toArray(String[]::new));
    }

    public ProxySide requestBody(String body, boolean endOfStream) {
        return requestBody(ByteString.copyFromUtf8(body), endOfStream);
    }

    public ProxySide requestBody(ByteString body, boolean endOfStream) {
        ProcessingRequest.Builder message =
                ProcessingRequest.newBuilder()
                        .setRequestBody(
                                HttpBody.newBuilder().setBody(body).setEndOfStream(endOfStream));
        if (metadata != null) {
            message.setMetadataContext(metadata);
        }
        requests.onNext(message.build());
        return this;
    }

    public ProxySide requestTrailers() {
        requests.onNext(
                ProcessingRequest.newBuilder()
                        .setRequestTrailers(HttpTrailers.getDefaultInstance())
                        .build());
        return this;
    }

    public ProxySide responseHeaders(String served, String... namesAndValues) {
        Value value = Value.newBuilder().setStringValue(served).build();
        return answer("x-gateway-destination-endpoint-served", value, namesAndValues);
    }

    /** Answers with one entry of metadata. */
    public ProxySide answer(String key, Value value, String... namesAndValues) {
        requests.onNext(
                ProcessingRequest.newBuilder()
                        .setResponseHeaders(headers(false, namesAndValues))
                        .setMetadataContext(of("envoy.lb", key, value))
                        .build());
        return this;
    }

    /** Answers without any metadata, and maybe without a body. */
    public ProxySide answer(boolean endOfStream, String... namesAndValues) {
        requests.onNext(
                ProcessingRequest.newBuilder()
                        .setResponseHeaders(headers(endOfStream, namesAndValues))
                        .build());
        return this;
    }

    public ProxySide responseTrailers() {
        requests.onNext(
                ProcessingRequest.newBuilder()
                        .setResponseTrailers(HttpTrailers.getDefaultInstance())
                        .build());
        return this;
    }

    /** Sends an empty message. */
    public ProxySide nothing() {
        requests.onNext(ProcessingRequest.getDefaultInstance());
        return this;
    }

    /** Offers something that is not a list. */
    public ProxySide subset(Value value) {
        return metadata("envoy.lb.subset_hint", "x-gateway-destination-endpoint-subset", value);
    }

    public ProxySide responseBody(ByteString body, boolean endOfStream) {
        requests.onNext(
                ProcessingRequest.newBuilder()
                        .setResponseBody(
                                HttpBody.newBuilder().setBody(body).setEndOfStream(endOfStream))
                        .build());
        return this;
    }

    public ProxySide responseBody(String body, boolean endOfStream) {
        return responseBody(ByteString.copyFromUtf8(body), endOfStream);
    }

    public void endStream() {
        finished = true;
        requests.onCompleted();
    }

    private HttpHeaders headers(boolean endOfStream, String... namesAndValues) {
        HeaderMap.Builder map = HeaderMap.newBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String value = namesAndValues[i + 1];
            map.addHeaders(
                    HeaderValue.newBuilder()
                            .setKey(namesAndValues[i])
                            .setValue(raw ? besides : value)
                            .setRawValue(ByteString.copyFromUtf8(raw ? value : "")));
        }
        return HttpHeaders.newBuilder().setHeaders(map).setEndOfStream(endOfStream).build();
    }

    /** Returns the next reply. */
    public ProcessingResponse reply() throws InterruptedException {
        ProcessingResponse reply = replies.poll(20, TimeUnit.SECONDS);
        if (reply == null) {
            throw new AssertionError("no reply came");
        }
        return reply;
    }

    public boolean isSilent() {
        return replies.isEmpty();
    }

    public boolean hasEnded() throws InterruptedException {
        return ended.await(20, TimeUnit.SECONDS);
    }

    /** Returns the body that the next replies carry, up to its end. */
    public String requestBodyReplies() throws InterruptedException {
        return requestBodyBytes().toStringUtf8();
    }

    /** Returns the same as it is. */
    public ByteString requestBodyBytes() throws InterruptedException {
        ByteString all = ByteString.EMPTY;
        while (true) {
            ProcessingResponse reply = reply();
            if (!reply.hasRequestBody()) {
                throw new AssertionError("not a piece of a request: " + reply);
            }
            var piece =
                    reply.getRequestBody().getResponse().getBodyMutation().getStreamedResponse();
            all = all.concat(piece.getBody());
            if (piece.getEndOfStream()) {
                return all;
            }
        }
    }

    /** Returns the next piece of the answer. */
    public String responsePiece() throws InterruptedException {
        ProcessingResponse reply = reply();
        if (!reply.hasResponseBody()) {
            throw new AssertionError("not a piece of an answer: " + reply);
        }
        var piece = reply.getResponseBody().getResponse().getBodyMutation().getStreamedResponse();
        return piece.getBody().toStringUtf8() + (piece.getEndOfStream() ? "|" : "");
    }

    /** Returns the headers that a reply sets. */
    public static Map<String, String> set(HeaderMutation mutation) {
        Map<String, String> set = new HashMap<>();
        for (HeaderValueOption option : mutation.getSetHeadersList()) {
            set.put(option.getHeader().getKey(), option.getHeader().getRawValue().toStringUtf8());
        }
        return set;
    }

    @Override
    public void close() {
        if (!finished) {
            requests.onError(new IllegalStateException("the test is over"));
        }
        closing.run();
    }
}
