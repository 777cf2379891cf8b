package io.weir.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.app.external.TestPicker;
import io.weir.app.gateway.Cluster.Setup;
import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.object.Trees;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A gateway, or two, over an API server with real informers, TLS and a kubeconfig. */
class ClusterTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir private Path directory;

    private Cluster cluster;

    @BeforeEach
    void startCluster() throws IOException {
        cluster = Cluster.start(directory);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void servesWhatIsThereAndWhatComesAndSaysSoInStatuses() throws Exception {
        cluster.createGateway();
        cluster.createPool();
        GatewayProgram gateway = cluster.start(new Setup());
        await().atMost(SOON).until(gateway::isServing);
        assertThat(cluster.post("/v1/completions", 0)).isEqualTo(404);

        cluster.createRoute("route", "/");

        await().until(() -> cluster.post("/v1/completions", 0) == 200);
        await().untilAsserted(() -> {
            assertThat(cluster.gatewayCondition("gateway", "Programmed"))
                    .isEqualTo("True/Programmed");
            assertThat(cluster.routeCondition("route", "Accepted")).isEqualTo("True/Accepted");
            assertThat(cluster.addresses("gateway")).containsExactly("10.96.0.17");
        });
        assertThat(cluster.get(gateway.adminPort(), "/readyz")).isEqualTo(200);
    }

    @Test
    void asksThePickerThatStandsBehindTheService() throws Exception {
        cluster.createGateway();
        cluster.createPool();
        cluster.createRoute("route", "/");
        GatewayProgram gateway = cluster.start(new Setup());
        await().atMost(SOON).until(gateway::isServing);
        ApiClient client = cluster.client();
        ObjectNode pool =
                client.get("inference.networking.k8s.io/v1", "InferencePool", "default", "pool")
                        .orElseThrow();
        ObjectNode closed = pool.deepCopy();
        ((ObjectNode) closed.path("spec").path("endpointPickerRef"))
                .put("failureMode", "FailClose");
        client.update(closed);
        await().until(() -> cluster.post("/v1/completions", 0) == 503);
        try (TestPicker picker = TestPicker.start(0)) {
            cluster.create(
                    """
                    {"apiVersion":"v1","kind":"Service","metadata":{"name":"epp"},
                     "spec":{"ports":[{"port":9002}]}}
                    """);
            cluster.create(
                    """
                    {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice",
                     "metadata":{"name":"epp-1","labels":{"kubernetes.io/service-name":"epp"}},
                     "addressType":"IPv4","endpoints":[{"addresses":["127.0.0.1"]}],
                     "ports":[{"port":%d}]}
                    """
                            .formatted(picker.port()));
            await().untilAsserted(() -> {
                assertThat(cluster.post("/v1/completions", 0)).isEqualTo(200);
                assertThat(picker.requests()).isPositive();
            });
        }
        await().until(() -> cluster.post("/v1/completions", 0) == 503);
    }

    @Test
    void onlyTheLeaderWritesStatusesAndAnotherTakesOver() throws Exception {
        cluster.createGateway();
        cluster.createPool();
        GatewayProgram first = cluster.start(new Setup().electing("first"));
        await().atMost(SOON).until(first::leads);
        GatewayProgram second = cluster.start(new Setup().electing("second").offset(1));
        await().atMost(SOON).until(() -> first.isServing() && second.isServing());
        cluster.createRoute("route", "/");
        await().until(() -> cluster.post("/v1/completions", 0) == 200);
        await().until(() -> cluster.post("/v1/completions", 1) == 200);
        await().until(() -> isAccepted("route"));
        assertThat(second.leads()).isFalse();

        first.close();

        await().atMost(Cluster.LEASE.multipliedBy(4)).until(second::leads);
        cluster.createRoute("later", "/later");
        await().until(() -> isAccepted("later"));
    }

    @Test
    void kindsThatAreMissingAreToleratedAndServedOnceTheyAreThere() throws Exception {
        try (ApiProxy proxy = ApiProxy.before(cluster.api().kubeconfig())) {
            proxy.hide("/apis/inference.networking", "/apis/gateway.envoyproxy.io");
            proxy.kubeconfig().write(directory.resolve("through-proxy"));
            cluster.createGateway();
            cluster.createPool();
            cluster.createRoute("route", "/");
            GatewayProgram gateway =
                    cluster.start(new Setup().kubeconfig(directory.resolve("through-proxy")));
            await().atMost(SOON).until(gateway::isServing);
            await().atMost(SOON).until(() -> resolved("route").equals("False/BackendNotFound"));
            assertThat(cluster.post("/v1/completions", 0)).isEqualTo(500);

            proxy.showAll();
            cluster.create(
                    """
                    {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
                     "metadata":{"name":"things.example.com"},
                     "spec":{"group":"example.com","scope":"Namespaced",
                             "names":{"kind":"Thing","plural":"things"},
                             "versions":[{"name":"v1","served":true,"storage":true,
                                 "schema":{"openAPIV3Schema":{"type":"object"}}}]}}
                    """);

            await().atMost(SOON).until(() -> cluster.post("/v1/completions", 0) == 200);
            await().until(() -> resolved("route").equals("True/ResolvedRefs"));
        }
    }

    @Test
    void watchesThatBreakLoseNothing() throws Exception {
        try (ApiProxy proxy = ApiProxy.before(cluster.api().kubeconfig())) {
            proxy.kubeconfig().write(directory.resolve("through-proxy"));
            cluster.createGateway();
            cluster.createPool();
            cluster.createRoute("early", "/early");
            GatewayProgram gateway =
                    cluster.start(new Setup().kubeconfig(directory.resolve("through-proxy")));
            await().atMost(SOON).until(gateway::isServing);
            await().until(() -> proxy.watches() > 10);

            for (int round = 0; round < 3; round++) {
                proxy.cutWatches();
                String name = "round-" + round;
                cluster.createRoute(name, "/" + name);
                assertThat(cluster.post("/early", 0)).isEqualTo(200);
                await().atMost(SOON).until(() -> cluster.post("/" + name, 0) == 200);
            }
            proxy.cutWatches();
            cluster.delete("HTTPRoute", "early");
            await().atMost(SOON).until(() -> cluster.post("/early", 0) == 404);
        }
    }

    @Test
    void onlyTheNamespacesThatItIsToReadAreServed() throws Exception {
        cluster.createGateway();
        cluster.createPool();
        cluster.create(
                "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"other\"}}");
        ObjectNode theirs = cluster.find("Gateway", "gateway").deepCopy();
        theirs.set("metadata", Trees.object().put("namespace", "other").put("name", "theirs"));
        theirs.remove("status");
        cluster.client().create(theirs);
        GatewayProgram gateway = cluster.start(new Setup().namespaces("default"));
        await().atMost(SOON).until(gateway::isServing);
        cluster.createRoute("route", "/");
        await().until(() -> cluster.post("/v1/completions", 0) == 200);
        await().until(() -> isAccepted("route"));

        ObjectNode after =
                cluster.client()
                        .get("gateway.networking.k8s.io/v1", "Gateway", "other", "theirs")
                        .orElseThrow();
        assertThat(Cluster.condition(Trees.arrayAt(after, "status", "conditions"), "Accepted"))
                .isNotEqualTo("True/Accepted");
        assertThat(gateway.served()).hasSize(1);
    }

    @Test
    void aRewriteTellsWhichTargetNoEndpointServes() throws Exception {
        cluster.createGateway();
        cluster.createPool();
        cluster.create(
                """
                {"apiVersion":"inference.networking.x-k8s.io/v1alpha2",
                 "kind":"InferenceModelRewrite","metadata":{"name":"canary"},
                 "spec":{"poolRef":{"name":"pool"},
                         "rules":[{"matches":[{"model":{"value":"food"}}],
                                   "targets":[{"modelRewrite":"food-1"}]}]}}
                """);
        GatewayProgram gateway = cluster.start(new Setup());
        await().atMost(SOON).until(gateway::isServing);
        await().atMost(SOON).until(() -> rewrite().equals("False/UnknownTargetModel"));

        cluster.model().serve("llama food-1");

        await().atMost(SOON).until(() -> rewrite().equals("True/ResolvedRefs"));
    }

    private String rewrite() {
        ObjectNode found =
                cluster.client()
                        .get(
                                "inference.networking.x-k8s.io/v1alpha2",
                                "InferenceModelRewrite",
                                "default",
                                "canary")
                        .orElseThrow();
        return Cluster.condition(Trees.arrayAt(found, "status", "conditions"), "ResolvedRefs");
    }

    private boolean isAccepted(String route) {
        return cluster.routeCondition(route, "Accepted").equals("True/Accepted");
    }

    private String resolved(String route) {
        return cluster.routeCondition(route, "ResolvedRefs");
    }
}
