package io.weir.extproc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.HeaderNames;
import io.weir.extproc.wire.Replies;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Pickers that fail, and what the failure mode makes of it. */
class PickerFailureTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String LARGE =
            "{\"model\":\"m\",\"prompt\":\"" + "w".repeat(1_000_000) + "\"}";

    /** Ways to fail. */
    enum Failure {
        STREAM_ERROR,
        ERROR_AFTER_HALF_OF_THE_BODY,
        NO_REPLY,
        NO_DESTINATION,
        TWO_DESTINATIONS,
        REPLY_TO_WHAT_WAS_NOT_SENT,
        EMPTY_MESSAGE,
        ENDED_WITHOUT_ANSWER
    }

    private static ScriptedPicker.Script script(Failure failure, Rig rig) {
        return (message, replies) -> {
            boolean end = message.hasRequestBody() && message.getRequestBody().getEndOfStream();
            switch (failure) {
                case STREAM_ERROR -> replies.onError(new IllegalStateException("broken"));
                case ERROR_AFTER_HALF_OF_THE_BODY -> {
                    if (end) {
                        replies.onNext(ScriptedPicker.picked(rig.first.authority()));
                        Replies.streamRequestBody(
                                ByteString.copyFromUtf8("{\"changed\":"),
                                false,
                                reply -> replies.onNext(reply.message()));
                        replies.onError(new IllegalStateException("broken"));
                    }
                }
                case NO_REPLY -> {}
                case NO_DESTINATION -> {
                    if (end) {
                        replies.onNext(Replies.requestHeadersUnchanged());
                        for (int i = 0; i < 100; i++) {
                            replies.onNext(Replies.requestBodyUnchanged());
                        }
                    }
                }
                case TWO_DESTINATIONS -> {
                    if (end) {
                        replies.onNext(twoDestinations(rig));
                        Replies.streamRequestBody(
                                ByteString.copyFromUtf8("{}"),
                                true,
                                reply -> replies.onNext(reply.message()));
                    }
                }
                case REPLY_TO_WHAT_WAS_NOT_SENT -> replies.onNext(Replies.responseBodyUnchanged());
                case EMPTY_MESSAGE -> replies.onNext(ProcessingResponse.getDefaultInstance());
                case ENDED_WITHOUT_ANSWER -> replies.onCompleted();
            }
        };
    }

    private static ProcessingResponse twoDestinations(Rig rig) {
        return Replies.requestHeaders(
                        new Changes().set(HeaderNames.DESTINATION, rig.first.authority()))
                .setDynamicMetadata(
                        Replies.metadata(
                                HeaderNames.LB_NAMESPACE,
                                HeaderNames.DESTINATION,
                                rig.second.authority()))
                .build();
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void failOpenSendsTheWholeBodyToAnyServerInTurn(Failure failure) throws Exception {
        try (Rig rig = new Rig().failOpen().annotate("picker-timeout", "300ms")) {
            rig.start(new ScriptedPicker().play(script(failure, rig)));
            for (int i = 0; i < 4; i++) {
                HttpResponse<String> answer = rig.post(LARGE);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(LARGE);
            }
            assertThat(rig.first.received()).hasSize(2);
            assertThat(rig.second.received()).hasSize(2);
            assertThat(rig.plane().stats().heldBodyBytes()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void failCloseAnswers503WithinASecond(Failure failure) throws Exception {
        try (Rig rig = new Rig().annotate("picker-timeout", "300ms")) {
            rig.start(new ScriptedPicker().play(script(failure, rig)));
            HttpResponse<String> answer = refusedWithin(SECOND, rig, LARGE);
            assertThat(answer.body()).contains("\"error\"");
            assertThat(rig.first.received()).isEmpty();
            assertThat(rig.second.received()).isEmpty();
            assertThat(rig.plane().stats().heldBodyBytes()).isZero();
        }
    }

    @Test
    void aPickerThatCanNotBeReachedFailsInBothModes() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        try (Rig open = new Rig().failOpen();
                Rig close = new Rig()) {
            open.startAt(closed);
            close.startAt(closed);
            assertThat(open.post(LARGE).body()).isEqualTo(LARGE);
            refusedWithin(SECOND, close, Rig.BODY);
        }
    }

    @Test
    void aPickerThatAcceptsAndSaysNothingIsWaitedForOnce() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Rig rig = new Rig().annotate("picker-tls", "unverified")) {
            rig.startAt(silent.getLocalPort());
            assertThat(rig.post().statusCode()).isEqualTo(503);
            refusedWithin(SECOND.dividedBy(2), rig, Rig.BODY);
        }
    }

    @Test
    void aServerThatSpeaksSomethingElseIsNotReached() throws Exception {
        try (ServerSocket http = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Rig rig = new Rig()) {
            Thread.ofVirtual().start(() -> talk(http));
            rig.startAt(http.getLocalPort());
            refusedWithin(SECOND, rig, Rig.BODY);
        }
    }

    /** Asks until an answer comes in time, for a machine that is busy; all have to be refusals. */
    private static HttpResponse<String> refusedWithin(Duration most, Rig rig, String body)
            throws Exception {
        Duration took = Duration.ZERO;
        for (int i = 0; i < 10; i++) {
            long start = System.nanoTime();
            HttpResponse<String> answer = rig.post(body);
            took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(answer.statusCode()).isEqualTo(503);
            if (took.compareTo(most) < 0) {
                return answer;
            }
        }
        throw new AssertionError("refused after " + took);
    }

    private static void talk(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                return;
            }
        }
    }

    @Test
    void bytesThatAreNoMessageAreAFailure() throws Exception {
        MethodDescriptor.Marshaller<byte[]> raw =
                new MethodDescriptor.Marshaller<>() {
                    @Override
                    public InputStream stream(byte[] value) {
                        return new ByteArrayInputStream(value);
                    }

                    @Override
                    public byte[] parse(InputStream stream) {
                        return new byte[0];
                    }
                };
        String service = "envoy.service.ext_proc.v3.ExternalProcessor";
        var method =
                MethodDescriptor.newBuilder(raw, raw)
                        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                        .setFullMethodName(service + "/Process")
                        .build();
        ServerServiceDefinition definition =
                ServerServiceDefinition.builder(service)
                        .addMethod(
                                method,
                                ServerCalls.asyncBidiStreamingCall(replies -> garbage(replies)))
                        .build();
        try (Rig rig = new Rig().failOpen()) {
            rig.start(() -> definition);
            assertThat(rig.post().statusCode()).isEqualTo(200);
        }
        try (Rig rig = new Rig()) {
            rig.start(() -> definition);
            assertThat(rig.post().statusCode()).isEqualTo(503);
        }
    }

    private static StreamObserver<byte[]> garbage(StreamObserver<byte[]> replies) {
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] message) {
                replies.onNext(new byte[] {-1, -1, -1, -1, 7, 99});
            }

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onCompleted() {}
        };
    }

    @Test
    void aClientThatGoesAwayCancelsTheStream() throws Exception {
        try (Rig rig = new Rig()) {
            ScriptedPicker picker = new ScriptedPicker();
            rig.start(picker);
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), rig.port())) {
                String request =
                        "POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-type: application/json"
                                + "\r\ncontent-length: "
                                + Rig.BODY.length()
                                + "\r\n\r\n"
                                + Rig.BODY;
                client.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
                await().until(() -> picker.messages().size() == 2);
            }
            await().until(() -> picker.cancelled() == 1);
            assertThat(rig.plane().stats().heldBodyBytes()).isZero();
        }
    }

    @Test
    void streamsEndInGoodOrderWithTheirRequests() throws Exception {
        try (Rig rig = new Rig()) {
            ScriptedPicker picker =
                    new ScriptedPicker()
                            .playNew(() -> ScriptedPicker.reference(rig.first.authority()));
            rig.start(picker);
            for (int i = 0; i < 20; i++) {
                assertThat(rig.post().statusCode()).isEqualTo(200);
            }
            await().until(() -> picker.ended() == 20);
            assertThat(picker.cancelled()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPickerKilledUnderTrafficHurtsNobodyWhenOpenAndIsToldAtOnceWhenClosed(Mode mode)
            throws Exception {
        try (Rig rig = mode == Mode.OPEN ? new Rig().failOpen() : new Rig();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Server server = rig.serve(picking(rig.first), 0, InsecureServerCredentials.create());
            int port = server.getPort();
            rig.startAt(port);
            await().until(() -> rig.post().statusCode() == 200);
            Traffic traffic = new Traffic(rig);
            for (int i = 0; i < 8; i++) {
                threads.submit(traffic::run);
            }
            try {
                await().until(() -> traffic.ok.get() > 100);
                assertThat(traffic.refused.get()).isZero();
                server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
                long answered = traffic.answered();
                await().until(() -> traffic.answered() > answered + 100);
                ScriptedPicker again = picking(rig.second);
                rig.serve(again, port, InsecureServerCredentials.create());
                await().atMost(Duration.ofSeconds(5)).until(() -> again.streams() > 0);
                await().until(() -> again.streams() > 20);
                long refused = traffic.refused.get();
                await().until(() -> again.streams() > 200);
                assertThat(traffic.refused.get()).isEqualTo(refused);
            } finally {
                traffic.go.set(false);
            }
            assertThat(traffic.other.get()).isZero();
            assertThat(traffic.slow.get()).isLessThan(traffic.answered() / 10);
            if (mode == Mode.OPEN) {
                assertThat(traffic.refused.get()).isZero();
            } else {
                assertThat(traffic.refused.get()).isPositive();
            }
        }
    }

    private static ScriptedPicker picking(ModelServer server) {
        return new ScriptedPicker().playNew(() -> ScriptedPicker.reference(server.authority()));
    }

    /** Failure modes. */
    enum Mode {
        OPEN,
        CLOSE
    }

    /** Requests without end, and how they were answered. */
    private static final class Traffic {

        private final Rig rig;
        private final AtomicBoolean go = new AtomicBoolean(true);
        private final AtomicLong ok = new AtomicLong();
        private final AtomicLong refused = new AtomicLong();
        private final AtomicLong other = new AtomicLong();
        private final AtomicLong slow = new AtomicLong();

        Traffic(Rig rig) {
            this.rig = rig;
        }

        long answered() {
            return ok.get() + refused.get() + other.get();
        }

        @Nullable Void run() throws Exception {
            while (go.get()) {
                long start = System.nanoTime();
                int status;
                try {
                    status = rig.post().statusCode();
                } catch (IOException e) {
                    status = 0;
                }
                (status == 200 ? ok : status == 503 ? refused : other).incrementAndGet();
                if (System.nanoTime() - start > SECOND.toNanos()) {
                    slow.incrementAndGet();
                }
                Thread.sleep(5);
            }
            return null;
        }
    }
}
