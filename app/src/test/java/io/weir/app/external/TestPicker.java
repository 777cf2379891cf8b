package io.weir.app.external;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;

import io.envoyproxy.envoy.service.ext_proc.v3.ExternalProcessorGrpc.ExternalProcessorImplBase;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.HeaderNames;
import io.weir.extproc.wire.Replies;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A picker with a certificate of its own that always picks the last of the candidates. */
public final class TestPicker extends ExternalProcessorImplBase implements AutoCloseable {

    private final AtomicInteger requests = new AtomicInteger();
    private final List<String> picked = new CopyOnWriteArrayList<>();
    private final List<String> served = new CopyOnWriteArrayList<>();
    private final Server server;
    private final int port;

    private TestPicker(int wantedPort, ServerCredentials credentials) throws Exception {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), wantedPort);
        server =
                NettyServerBuilder.forAddress(address, credentials)
                        .directExecutor()
                        .addService(this)
                        .build()
                        .start();
        port = server.getPort();
    }

    /**
     * Starts a picker.
     *
     * @param port its port; 0 for any
     */
    public static TestPicker start(int port) throws Exception {
        X509Bundle bundle =
                new CertificateBuilder()
                        .subject("CN=picker")
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned();
        return new TestPicker(
                port,
                TlsServerCredentials.create(
                        stream(bundle.getCertificatePathPEM()), stream(bundle.getPrivateKeyPEM())));
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns its port. */
    public int port() {
        return port;
    }

    /** Returns the number of requests that it was asked about. */
    public int requests() {
        return requests.get();
    }

    /** Returns the endpoints that it picked. */
    public List<String> picked() {
        return picked;
    }

    /** Returns the endpoints that it was told to have answered. */
    public List<String> served() {
        return served;
    }

    @Override
    public StreamObserver<ProcessingRequest> process(StreamObserver<ProcessingResponse> replies) {
        requests.incrementAndGet();
        return new Picking(replies);
    }

    /** One request. */
    private final class Picking implements StreamObserver<ProcessingRequest> {

        private final StreamObserver<ProcessingResponse> replies;
        private ByteString body = ByteString.EMPTY;
        private String candidate = "";

        Picking(StreamObserver<ProcessingResponse> replies) {
            this.replies = replies;
        }

        @Override
        public void onNext(ProcessingRequest message) {
            switch (message.getRequestCase()) {
                case REQUEST_HEADERS -> candidate = lastCandidate(message);
                case REQUEST_BODY -> {
                    body = body.concat(message.getRequestBody().getBody());
                    if (message.getRequestBody().getEndOfStream()) {
                        pick();
                    }
                }
                case RESPONSE_HEADERS -> {
                    served.add(
                            metadata(message, HeaderNames.LB_NAMESPACE)
                                    .getFieldsOrThrow(HeaderNames.SERVED)
                                    .getStringValue());
                    replies.onNext(Replies.responseHeaders(new Changes()).build());
                }
                case RESPONSE_BODY ->
                        Replies.streamResponseBody(
                                message.getResponseBody().getBody(),
                                message.getResponseBody().getEndOfStream(),
                                reply -> replies.onNext(reply.message()));
                default -> {}
            }
        }

        private static String lastCandidate(ProcessingRequest message) {
            return metadata(message, HeaderNames.SUBSET_NAMESPACE)
                    .getFieldsOrThrow(HeaderNames.SUBSET)
                    .getListValue()
                    .getValuesList()
                    .getLast()
                    .getStringValue();
        }

        private static Struct metadata(ProcessingRequest message, String namespace) {
            return message.getMetadataContext().getFilterMetadataOrThrow(namespace);
        }

        private void pick() {
            picked.add(candidate);
            Changes changes = new Changes().set(HeaderNames.DESTINATION, candidate);
            replies.onNext(
                    Replies.requestHeaders(changes)
                            .setDynamicMetadata(
                                    Replies.metadata(
                                            HeaderNames.LB_NAMESPACE,
                                            HeaderNames.DESTINATION,
                                            candidate))
                            .build());
            Replies.streamRequestBody(body, true, reply -> replies.onNext(reply.message()));
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onCompleted() {
            replies.onCompleted();
        }
    }

    /** Kills it. */
    @Override
    public void close() {
        try {
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
