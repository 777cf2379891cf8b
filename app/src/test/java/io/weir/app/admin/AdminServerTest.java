package io.weir.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.app.admin.HealthPages.Check;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

class AdminServerTest {

    private final AtomicBoolean serving = new AtomicBoolean();
    private final AdminServer server = start();
    private final HttpClient client = HttpClient.newHttpClient();

    private AdminServer start() {
        try {
            return new AdminServer(
                    0,
                    Map.of(
                            "/livez",
                            HealthPages.live(),
                            "/readyz",
                            HealthPages.ready(
                                    () -> List.of(new Check(serving.get(), "listeners")))));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void isReadyWhenAllChecksAreWell() throws Exception {
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).contains("[-] listeners");

        serving.set(true);

        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").body()).startsWith("ready\n").contains("[+] listeners");
    }

    @Test
    void listsItsPages() throws Exception {
        assertThat(get("/").body()).isEqualTo("/livez\n/readyz\n");
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesRequestsThatCameThroughAForeignName() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(
                            "GET /livez HTTP/1.1\r\nHost: rebound.example:9901\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 403".length());
            assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 403");
        }
    }

    @Test
    void onlyReads() throws Exception {
        HttpRequest post =
                HttpRequest.newBuilder(uri("/livez"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build();

        assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
