package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.pool;
import static io.weir.proxy.testing.Config.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.model.ModelRewrites;
import io.weir.picker.PickResult;
import io.weir.proxy.testing.Config;
import io.weir.proxy.testing.FakePicker;
import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;
import io.weir.resource.HttpRoute.Filter;
import io.weir.resource.HttpRoute.Header;
import io.weir.resource.HttpRoute.HeaderChange;
import io.weir.resource.HttpRoute.PathChange;
import io.weir.routing.Backend;
import io.weir.routing.HeaderRule;
import io.weir.routing.RequestHead;
import io.weir.routing.RouteBackend;
import io.weir.routing.RouteRule.Mirror;
import io.weir.split.WeightedChoice;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Routes, filters and what they answer. */
class RoutesTest {

    @Test
    void noRouteAndNoListenerAreNotFound() throws Exception {
        try (TestServer server = TestServer.named("ok");
                Gateway gateway =
                        Gateway.start(
                                config().hostname("*.example.com").rule("/a", service(server)));
                TestClient client = gateway.connect()) {
            client.send("GET /a HTTP/1.1\r\nhost: API.Example.com:8080\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            client.send("GET /b HTTP/1.1\r\nhost: api.example.com\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(404);
            client.send("GET /a HTTP/1.1\r\nhost: example.com\r\n\r\n");
            Wire.Message answer = client.read();
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.header("content-type")).isEqualTo("application/json");
            assertThat(answer.text()).contains("\"error\"");
        }
    }

    @Test
    void anAbsoluteTargetGoesBeforeTheHostHeader() throws Exception {
        try (TestServer server = TestServer.named("ok");
                Gateway gateway =
                        Gateway.start(config().hostname("right.com").rule("/a", service(server)));
                TestClient client = gateway.connect()) {
            client.send("GET http://right.com/a?b HTTP/1.1\r\nhost: wrong.com\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(200);
            Wire.Message seen = server.requests().getFirst();
            assertThat(seen.target()).isEqualTo("/a?b");
            assertThat(seen.header("host")).isEqualTo("right.com");
        }
    }

    @Test
    void aRedirectIsAnsweredByTheGateway() throws Exception {
        var redirect =
                new Filter.RequestRedirect(
                        "https",
                        "new.example.com",
                        new PathChange.ReplacePrefixMatch("/new"),
                        null,
                        308);
        Config config =
                config().rule(
                                "/old",
                                service(List.of()),
                                rule -> Config.withFilters(rule, redirect));
        try (Gateway gateway = Gateway.start(config);
                TestClient client = gateway.connect()) {
            client.get("/old/page?x=1");
            Wire.Message answer = client.read();

            assertThat(answer.status()).isEqualTo(308);
            assertThat(answer.header("location")).isEqualTo("https://new.example.com/new/page?x=1");
        }
    }

    @Test
    void browsersOfOtherSitesAreAnsweredByTheRulesOfTheFilterAlone() throws Exception {
        var cors =
                new Filter.Cors(
                        List.of("https://*.example.com"),
                        true,
                        List.of("POST"),
                        List.of("content-type"),
                        List.of("x-answer"),
                        5);
        Filter permissiveServer =
                new Filter.ResponseHeaderModifier(
                        new HeaderChange(
                                List.of(new Header("access-control-allow-origin", "*")),
                                List.of(),
                                List.of()));
        try (TestServer server = TestServer.named("ok");
                Gateway gateway =
                        Gateway.start(
                                config().rule(
                                                "/",
                                                service(server),
                                                rule ->
                                                        Config.withFilters(
                                                                rule, permissiveServer, cors)));
                TestClient client = gateway.connect()) {
            client.send(preflight("https://a.example.com"));
            Wire.Message allowed = client.read();
            client.send(preflight("https://evil.com"));
            Wire.Message refused = client.read();
            assertThat(server.requests()).isEmpty();
            client.send("GET / HTTP/1.1\r\nhost: a\r\norigin: https://a.example.com\r\n\r\n");
            Wire.Message answer = client.read();
            client.send("GET / HTTP/1.1\r\nhost: a\r\norigin: https://evil.com\r\n\r\n");
            Wire.Message foreign = client.read();

            assertThat(allowed.status()).isEqualTo(200);
            assertThat(allowed.header("access-control-allow-origin"))
                    .isEqualTo("https://a.example.com");
            assertThat(allowed.header("access-control-allow-methods")).isEqualTo("POST");
            assertThat(refused.status()).isEqualTo(200);
            assertThat(refused.header("access-control-allow-origin")).isEmpty();
            assertThat(answer.header("access-control-allow-origin"))
                    .isEqualTo("https://a.example.com");
            assertThat(answer.header("access-control-expose-headers")).isEqualTo("x-answer");
            assertThat(foreign.header("access-control-allow-origin")).isEmpty();
            assertThat(foreign.status()).isEqualTo(200);
        }
    }

    private static String preflight(String origin) {
        return "OPTIONS / HTTP/1.1\r\nhost: a\r\norigin: "
                + origin
                + "\r\naccess-control-request-method: POST\r\n\r\n";
    }

    @Test
    void hostAndPathAreRewrittenAndHeadersChanged() throws Exception {
        Filter rewrite =
                new Filter.UrlRewrite(
                        "inside.local", new PathChange.ReplacePrefixMatch("/v1/models"));
        Filter request =
                new Filter.RequestHeaderModifier(
                        new HeaderChange(
                                List.of(
                                        new Header("x-set", "new"),
                                        new Header("Content-Length", "9")),
                                List.of(new Header("x-add", "2")),
                                List.of("x-gone")));
        Filter response =
                new Filter.ResponseHeaderModifier(
                        new HeaderChange(
                                List.of(new Header("x-answer", "changed")),
                                List.of(),
                                List.of("content-type")));
        try (TestServer server = TestServer.named("ok");
                Gateway gateway =
                        Gateway.start(
                                config().rule(
                                                "/models",
                                                service(server),
                                                rule ->
                                                        Config.withFilters(
                                                                rule, rewrite, request,
                                                                response)));
                TestClient client = gateway.connect()) {
            client.send(
                    """
                    GET /models/a?q HTTP/1.1\r
                    host: outside.com\r
                    x-set: old\r
                    x-add: 1\r
                    x-gone: 1\r
                    \r
                    """);
            Wire.Message answer = client.read();

            Wire.Message seen = server.requests().getFirst();
            assertThat(seen.target()).isEqualTo("/v1/models/a?q");
            assertThat(seen.header("host")).isEqualTo("inside.local");
            assertThat(seen.header("x-forwarded-host")).isEqualTo("outside.com");
            assertThat(seen.header("x-set")).isEqualTo("new");
            assertThat(seen.header("x-add")).isEqualTo("1,2");
            assertThat(seen.header("x-gone")).isEmpty();
            assertThat(seen.header("content-length")).isEmpty();
            assertThat(answer.header("x-answer")).isEqualTo("changed");
            assertThat(answer.header("content-type")).isEmpty();
        }
    }

    @Test
    void filtersOfABackendConcernThatBackendOnly() throws Exception {
        Filter mark =
                new Filter.RequestHeaderModifier(
                        new HeaderChange(List.of(new Header("x-b", "b")), List.of(), List.of()));
        try (TestServer a = TestServer.named("a");
                TestServer b = TestServer.named("b");
                Gateway gateway =
                        Gateway.start(
                                config().rule(
                                                "/",
                                                service(a),
                                                rule ->
                                                        Config.withBackends(
                                                                rule,
                                                                WeightedChoice.of(
                                                                        List.of(
                                                                                new RouteBackend(
                                                                                        service(a),
                                                                                        List.of()),
                                                                                new RouteBackend(
                                                                                        service(b),
                                                                                        List.of(
                                                                                                mark))),
                                                                        3,
                                                                        1))));
                TestClient client = gateway.connect()) {
            for (int i = 0; i < 8; i++) {
                client.get("/");
                client.read();
            }
            assertThat(a.requests()).hasSize(6).allMatch(seen -> seen.header("x-b").isEmpty());
            assertThat(b.requests()).hasSize(2).allMatch(seen -> seen.header("x-b").equals("b"));
        }
    }

    @Test
    void backendsThatDoNotWorkHaveTheStatusThatTheSpecificationSays() throws Exception {
        Config config =
                config().rule("/unresolved", new Backend.Unresolved("BackendNotFound"))
                        .rule("/empty", service(List.of()))
                        .rule(
                                "/none",
                                service(List.of()),
                                rule -> Config.withBackends(rule, WeightedChoice.of(List.of())))
                        .rule(
                                "/filter",
                                service(List.of()),
                                rule ->
                                        Config.withFilters(
                                                rule, new Filter.Unsupported("ExtensionRef")));
        try (Gateway gateway = Gateway.start(config);
                TestClient client = gateway.connect()) {
            assertThat(statusOf(client, "/unresolved")).isEqualTo(500);
            assertThat(statusOf(client, "/none")).isEqualTo(500);
            assertThat(statusOf(client, "/filter")).isEqualTo(500);
            assertThat(statusOf(client, "/empty")).isEqualTo(503);
        }
    }

    private static int statusOf(TestClient client, String path) throws Exception {
        client.get(path);
        return client.read().status();
    }

    @Test
    void aRefusalOfThePickerIsToldWithWhenToTryAgain() throws Exception {
        try (Gateway gateway = Gateway.start(config().rule("/", pool("llama")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("llama");
            picker.refuse(
                    new PickResult.Refused(PickResult.Reason.SHED, "The pool is saturated.", 7));
            client.post("/v1/completions", "{\"model\":\"m\"}");
            Wire.Message shed = client.read();
            assertThat(shed.status()).isEqualTo(429);
            assertThat(shed.header("retry-after")).isEqualTo("7");
            assertThat(shed.text()).contains("saturated");

            picker.refuse(
                    new PickResult.Refused(PickResult.Reason.MODEL_NOT_SERVED, "No server.", 0));
            client.post("/v1/completions", "{\"model\":\"m\"}");
            Wire.Message unknown = client.read();
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.text()).contains("model_not_found");
            assertThat(unknown.header("retry-after")).isEmpty();
        }
    }

    @Test
    void objectiveAndFairnessIdReachThePickerButNotTheServer() throws Exception {
        Backend llama = pool("llama", ModelRewrites.NONE, Map.of("gold", 9));
        try (TestServer server = TestServer.named("ok");
                Gateway gateway = Gateway.start(config().rule("/", llama));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("llama", server);
            client.send(
                    """
                    POST /v1/completions HTTP/1.1\r
                    host: a\r
                    x-gateway-inference-objective: gold\r
                    x-gateway-inference-fairness-id: tenant-7\r
                    content-length: 2\r
                    \r
                    {}\
                    """);
            assertThat(client.read().status()).isEqualTo(200);

            FakePicker.Asked asked = picker.asked().getFirst();
            assertThat(asked.priority()).isEqualTo(9);
            assertThat(asked.objective()).isEqualTo("gold");
            assertThat(asked.fairnessId()).isEqualTo("tenant-7");
            assertThat(server.requests().getFirst().headers())
                    .noneMatch(header -> header.name().startsWith("x-gateway-inference"));
        }
    }

    @Test
    void headersThatPoliciesComputeDecideTheRoute() throws Exception {
        HeaderRule tier =
                new HeaderRule() {
                    @Override
                    public String header() {
                        return "x-tier";
                    }

                    @Override
                    public @Nullable String evaluate(RequestHead head, @Nullable String model) {
                        return model == null ? null : "tier-" + model.length();
                    }
                };
        try (TestServer four = TestServer.named("four");
                TestServer other = TestServer.named("other");
                Gateway gateway =
                        Gateway.start(
                                config().headerRule("x-tier", "tier-4", service(four))
                                        .rule("/", service(other))
                                        .headerRules(tier));
                TestClient client = gateway.connect()) {
            client.post("/v1/completions", "{\"model\":\"abcd\"}");
            assertThat(client.read().text()).isEqualTo("four");
            client.post("/v1/completions", "{\"model\":\"abc\"}");
            assertThat(client.read().text()).isEqualTo("other");
            client.send("GET / HTTP/1.1\r\nhost: a\r\nx-tier: tier-4\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("other");
        }
    }

    @Test
    void aModelThatNoHeaderCanCarryIsNotPutIntoOne() throws Exception {
        try (TestServer server = TestServer.named("ok");
                Gateway gateway = Gateway.start(config().rule("/", pool("llama")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("llama", server);
            client.post("/v1/completions", "{\"model\":\"m\u010adel\"}");
            assertThat(client.read().status()).isEqualTo(200);

            assertThat(picker.asked().getFirst().model()).isEqualTo("m\u010adel");
            assertThat(server.requests().getFirst().header("x-gateway-model-name")).isEmpty();
        }
    }

    @Test
    void aBodyThatIsNotJsonGoesToThePoolAsItIs() throws Exception {
        try (TestServer server = TestServer.named("ok");
                Gateway gateway = Gateway.start(config().rule("/", pool("llama")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("llama", server);
            client.send(
                    """
                    POST /v1/audio/transcriptions HTTP/1.1\r
                    host: a\r
                    content-type: multipart/form-data; boundary=x\r
                    content-length: 5\r
                    \r
                    --x--\
                    """);
            assertThat(client.read().status()).isEqualTo(200);

            assertThat(picker.asked().getFirst().model()).isNull();
            assertThat(server.requests().getFirst().text()).isEqualTo("--x--");
        }
    }

    @Test
    void copiesGoToTheMirrorAndItsAnswersNowhere() throws Exception {
        try (TestServer server = TestServer.named("answer");
                TestServer mirror =
                        TestServer.answering(
                                (_, connection) -> connection.respond(500, "text/plain", "no"));
                TestServer half = TestServer.named("half");
                Gateway gateway =
                        Gateway.start(
                                config().rule(
                                                "/",
                                                service(server),
                                                rule ->
                                                        Config.withMirrors(
                                                                rule,
                                                                new Mirror(service(mirror), 1, 1),
                                                                new Mirror(service(half), 50, 100),
                                                                new Mirror(
                                                                        service(server),
                                                                        0,
                                                                        100))));
                TestClient client = gateway.connect()) {
            for (int i = 0; i < 200; i++) {
                client.post("/" + i, "{\"n\":" + i + "}");
                assertThat(client.read().text()).isEqualTo("answer");
            }
            await().untilAsserted(() -> assertThat(mirror.requests()).hasSize(200));
            assertThat(mirror.requests())
                    .anyMatch(seen ->
                            seen.target().equals("/77")
                                    && seen.text().equals("{\"n\":77}")
                                    && seen.header("host").equals("example.com"));
            assertThat(server.requests()).hasSize(200);
            assertThat(half.requests()).hasSizeBetween(50, 150);
        }
    }

    @Test
    void aMirrorThatIsDownDisturbsNobody() throws Exception {
        TestServer gone = TestServer.named("gone");
        gone.close();
        try (TestServer server = TestServer.named("answer");
                Gateway gateway =
                        Gateway.start(
                                config().rule(
                                                "/",
                                                service(server),
                                                rule ->
                                                        Config.withMirrors(
                                                                rule,
                                                                new Mirror(service(gone), 1, 1))));
                TestClient client = gateway.connect()) {
            String large = "x".repeat(300_000);
            client.post("/", large);
            assertThat(client.read().text()).isEqualTo("answer");
            assertThat(server.requests().getFirst().text()).isEqualTo(large);
        }
    }
}
