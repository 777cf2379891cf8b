package io.weir.app.external;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A proxy that asks a program about requests, over a plaintext gRPC channel. */
public final class AskingProxy implements AutoCloseable {

    private final ManagedChannel channel;

    private AskingProxy(ManagedChannel channel) {
        this.channel = channel;
    }

    /** Returns a proxy that asks the program on a port of this host. */
    public static AskingProxy of(int port) {
        return new AskingProxy(
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
    }

    /** Begins to ask about a request. */
    public Exchange open() {
        return new Exchange();
    }

    /** Returns the headers that a reply to a request's headers sets. */
    public static Map<String, String> set(ProcessingResponse reply) {
        Map<String, String> set = new HashMap<>();
        reply.getRequestHeaders()
                .getResponse()
                .getHeaderMutation()
                .getSetHeadersList()
                .forEach(option ->
                        set.put(
                                option.getHeader().getKey(),
                                option.getHeader().getRawValue().toStringUtf8()));
        return set;
    }

    /** Lets what is under way come to its end. */
    @Override
    public void close() {
        channel.shutdown();
    }

    /** One request and its answer. */
    public final class Exchange {

        private final LinkedBlockingQueue<ProcessingResponse> replies = new LinkedBlockingQueue<>();
        private final StreamObserver<ProcessingRequest> stream =
                ExternalProcessorGrpc.newStub(channel).process(into(replies));

        private Exchange() {}

        /**
         * Sends the request's headers.
         *
         * @param last whether no body comes
         */
        public Exchange headers(boolean last, String... namesAndValues) {
            return send(
                    ProcessingRequest.newBuilder().setRequestHeaders(map(last, namesAndValues)));
        }

        /** Sends all of the request's body. */
        public Exchange body(ByteString body) {
            HttpBody.Builder piece = HttpBody.newBuilder().setBody(body).setEndOfStream(true);
            return send(ProcessingRequest.newBuilder().setRequestBody(piece));
        }

        /**
         * Sends the answer's headers.
         *
         * @param last whether no body comes
         */
        public Exchange answer(boolean last, String... namesAndValues) {
            return send(
                    ProcessingRequest.newBuilder().setResponseHeaders(map(last, namesAndValues)));
        }

        /** Waits for the next reply. */
        public ProcessingResponse reply() throws InterruptedException {
            ProcessingResponse reply = replies.poll(20, TimeUnit.SECONDS);
            assertThat(reply).isNotNull();
            return reply;
        }

        /** Says that nothing more comes. */
        public void complete() {
            stream.onCompleted();
        }

        private Exchange send(ProcessingRequest.Builder message) {
            stream.onNext(message.build());
            return this;
        }
    }

    private static HttpHeaders map(boolean last, String... namesAndValues) {
        HeaderMap.Builder map = HeaderMap.newBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.addHeaders(
                    HeaderValue.newBuilder()
                            .setKey(namesAndValues[i])
                            .setRawValue(ByteString.copyFromUtf8(namesAndValues[i + 1])));
        }
        return HttpHeaders.newBuilder().setHeaders(map).setEndOfStream(last).build();
    }

    private static StreamObserver<ProcessingResponse> into(
            LinkedBlockingQueue<ProcessingResponse> replies) {
        return new StreamObserver<>() {
            @Override
            public void onNext(ProcessingResponse reply) {
                replies.add(reply);
            }

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onCompleted() {}
        };
    }
}
