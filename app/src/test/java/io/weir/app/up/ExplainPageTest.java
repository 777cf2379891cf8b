package io.weir.app.up;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.app.admin.AdminServer;
import io.weir.app.command.Weir;
import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.PickerSettings;
import io.weir.picker.RequestDetails;
import io.weir.picker.RequestHeaders;
import io.weir.picker.pool.EndpointWatch;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.resource.ObjectKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command {@code weir explain} and the page that it asks. */
class ExplainPageTest {

    private static final ObjectKey POOL =
            new ObjectKey("inference.networking.k8s.io", "InferencePool", "default", "llama");

    private final PickerRegistry pickers = PickerRegistry.create(EndpointWatch.NONE);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AdminServer admin;

    ExplainPageTest() throws IOException {
        admin = new AdminServer(0, Map.of("/explain", new ExplainPage(pickers, System::nanoTime)));
    }

    @BeforeEach
    void configure() {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            endpoints.add(
                    new Endpoint("default/pod-" + i, "pod-" + i, "10.0.0." + i, 8000, Map.of()));
        }
        pickers.apply(Map.of(POOL, new PoolSpec(endpoints, PickerSettings.DEFAULT)));
    }

    @AfterEach
    void close() {
        admin.close();
        pickers.close();
    }

    private int explain(String... args) {
        out.reset();
        err.reset();
        List<String> all = new ArrayList<>(List.of("explain"));
        all.addAll(List.of(args));
        all.addAll(List.of("--admin", "http://127.0.0.1:" + admin.port()));
        return Weir.run(
                all.toArray(String[]::new),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tellsWhereARequestWouldGo(@TempDir Path folder) throws IOException {
        // Given
        Path body = folder.resolve("chat.json");
        Files.writeString(
                body,
                """
                {"model":"llama-3","messages":[{"role":"user","content":"%s"}]}
                """
                        .formatted("word ".repeat(400)));

        // When
        int code = explain("--body", body.toString(), "--priority", "2", "-H", "x-user: me");

        // Then
        assertThat(code).isZero();
        assertThat(out())
                .contains("pool default/llama, model llama-3, priority 2, 504 prompt tokens")
                .contains("profile default")
                .contains("expected-work-scorer x1")
                .containsPattern("default/pod-\\d .* <- chosen")
                .containsPattern("picked default/pod-\\d, runner-up default/pod-\\d");
        assertThat(pickers.forPool(POOL).endpoints()).allMatch(e -> e.inFlightRequests() == 0);
    }

    @Test
    void tellsWhereARequestWent() {
        // Given
        assertThat(explain("--record", "on")).isZero();
        pickers.forPool(POOL)
                .pick(
                        PickRequest.forModel("llama-3")
                                .details(
                                        new RequestDetails(
                                                "abc", 0, 0, false, RequestHeaders.NONE, List.of()))
                                .build());

        // Then
        assertThat(explain("abc")).isZero();
        assertThat(out()).contains("model llama-3").contains("picked default/pod-");
        assertThat(explain("abc", "-o", "json")).isZero();
        assertThat(out()).contains("\"request\" : \"abc\"").contains("\"runnerUp\"");
        assertThat(explain()).isZero();
        assertThat(out()).startsWith("decisions are kept").contains("abc");
        assertThat(explain("xyz")).isEqualTo(1);
        assertThat(err()).contains("request xyz: it is not among the last decisions");
        assertThat(explain("--record", "off")).isZero();
        assertThat(explain("abc")).isEqualTo(1);
        assertThat(err()).contains("weir explain --record on");
    }

    @Test
    void whatIsWrongIsTold(@TempDir Path folder) throws IOException {
        // Given
        Path body = folder.resolve("chat.json");
        Files.writeString(body, "{\"model\": 5}");

        // Then
        assertThat(explain("--pool", "nobody")).isEqualTo(1);
        assertThat(err()).contains("pool: nobody (expected: one of default/llama)");
        assertThat(explain("--body", body.toString())).isEqualTo(1);
        assertThat(err()).contains("body: ");
        assertThat(explain("abc", "--model", "x")).isEqualTo(64);
        assertThat(explain("--model", "x", "-H", "nocolon")).isEqualTo(1);
        assertThat(err()).contains("header: nocolon (expected: name:value)");
    }

    @Test
    void pagesOfOtherSitesMaySendNothing() throws Exception {
        // When
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:%d/explain?record=on"
                                                .formatted(admin.port())))
                        .header("Origin", "http://example.com")
                        .POST(BodyPublishers.noBody())
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(403);
        }

        // Then
        assertThat(pickers.decisions().isOn()).isFalse();
    }
}
