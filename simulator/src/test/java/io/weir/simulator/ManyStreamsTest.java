package io.weir.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.simulator.engine.EngineProfile;
import io.weir.simulator.engine.PacedLatency;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class ManyStreamsTest {

    private static final int STREAMS = 2_000;
    private static final int TOKENS_READ = 3;

    private static final String BODY =
            """
            {"model":"m","messages":[{"role":"user","content":"Hello"}],"stream":true,\
            "ignore_eos":true,"max_tokens":1000}\
            """;

    private final List<Socket> sockets = new ArrayList<>();

    @Test
    void holdsTwoThousandStreamsAtOnceOnOneThreadAndForgetsThoseThatLeave() throws Exception {
        EngineProfile profile =
                EngineProfile.INSTANT
                        .withLatency(PacedLatency.constant(500e6, 500e6))
                        .withKvBlocks(STREAMS * 100);
        try (SimulatorHost host = new SimulatorHost(1)) {
            SimulatorServer server =
                    host.start(SimulatorConfig.of("pod", "m").withProfile(profile));
            for (int i = 0; i < STREAMS; i++) {
                sockets.add(ask(server.port()));
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(server.openRequests()).isEqualTo(STREAMS));
            for (Socket socket : sockets) {
                readTokens(socket);
            }
            assertThat(server.openRequests()).isEqualTo(STREAMS);
            for (Socket socket : sockets) {
                socket.close();
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(server.openRequests()).isZero());
        }
    }

    private static Socket ask(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        String request =
                "POST /v1/chat/completions HTTP/1.1\r\nhost: sim\r\nconnection: close\r\n"
                        + "content-length: "
                        + BODY.length()
                        + "\r\n\r\n"
                        + BODY;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static void readTokens(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder answer = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (answer.toString().split("\"content\":\"", -1).length < 2 + TOKENS_READ) {
            int length = in.read(buffer);
            assertThat(length).isPositive();
            answer.append(new String(buffer, 0, length, StandardCharsets.US_ASCII));
        }
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
    }
}
