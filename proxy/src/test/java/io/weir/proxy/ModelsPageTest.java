package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.pool;
import static io.weir.proxy.testing.Config.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.BaseModels;
import io.weir.model.ReachableModels;
import io.weir.picker.EndpointSnapshot.ServedModel;
import io.weir.proxy.testing.FakePicker;
import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

class ModelsPageTest {

    private static final ReachableModels MODELS =
            new ReachableModels(
                    Set.of("base"),
                    new BaseModels(Map.of("adapter", "base"), Set.of("base")),
                    Set.of("alias"),
                    List.of());

    @Test
    void aListenerWithPoolsListsBaseModelsAdaptersAndAliases() throws Exception {
        try (TestServer server = TestServer.named("ok");
                Gateway gateway = Gateway.start(config().models(MODELS).rule("/chat", pool("p")));
                TestClient client = gateway.connect()) {
            gateway.pool("p", server);

            client.get("/v1/models");
            Wire.Message answer = client.read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("content-type")).isEqualTo("application/json");
            assertThat(answer.text())
                    .startsWith("{\"object\":\"list\"")
                    .contains("\"id\":\"base\"", "\"id\":\"alias\"")
                    .contains("\"root\":\"adapter\",\"parent\":\"base\"");
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aRouteThatSendsThePathToAServiceGoesFirst() throws Exception {
        try (TestServer server = TestServer.named("ok");
                Gateway gateway =
                        Gateway.start(
                                config().models(MODELS)
                                        .rule("/chat", pool("p"))
                                        .rule("/v1/models", service(server)));
                TestClient client = gateway.connect()) {
            client.get("/v1/models");

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aListenerWithoutPoolsListsNothing() throws Exception {
        try (TestServer server = TestServer.named("ok");
                Gateway gateway = Gateway.start(config().rule("/chat", service(server)));
                TestClient client = gateway.connect()) {
            client.get("/v1/models");

            assertThat(client.read().status()).isEqualTo(404);
        }
    }

    @Test
    void whatServersReportIsListedToo() throws Exception {
        try (TestServer server = TestServer.named("ok");
                Gateway gateway = Gateway.start(config());
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("p", server);
            picker.serves(new ServedModel("reported", ""));
            var models =
                    new ReachableModels(
                            Set.of(), BaseModels.EMPTY, Set.of(), List.of(server.endpoint()));
            gateway.apply(config().models(models).baseModelRule("x", pool("p")).snapshot());

            client.get("/v1/models");

            assertThat(client.read().text()).contains("\"id\":\"reported\"");
        }
    }
}
