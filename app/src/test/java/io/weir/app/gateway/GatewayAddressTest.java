package io.weir.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.app.gateway.Cluster.Setup;
import io.weir.kubernetes.embedded.object.Trees;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What Gateways have as addresses, and what they are told when they want others. */
class GatewayAddressTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir private Path directory;

    private Cluster cluster;

    @BeforeEach
    void startCluster() throws IOException {
        cluster = Cluster.start(directory);
        cluster.createGatewayClass();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void theAddressOfALoadBalancerIsAwaited() throws Exception {
        createService("LoadBalancer");
        cluster.createGateway("gateway", "");
        cluster.start(new Setup());
        awaitProgrammed("gateway", "False/AddressNotAssigned");
        assertThat(cluster.addresses("gateway")).isEmpty();

        balance("203.0.113.7");

        awaitProgrammed("gateway", "True/Programmed");
        assertThat(cluster.addresses("gateway")).containsExactly("203.0.113.7");
    }

    @ParameterizedTest
    @CsvSource({"NodePort, 192.0.2.4", "ClusterIP, 10.96.0.17"})
    void otherServicesHaveAnAddressAtOnce(String type, String address) throws Exception {
        createService(type);
        cluster.createGateway("gateway", "");
        cluster.start(new Setup().node("192.0.2.4"));

        awaitProgrammed("gateway", "True/Programmed");
        assertThat(cluster.addresses("gateway")).containsExactly(address);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'addresses':[{'value':'10.96.0.17'}] | True/Accepted | True/Programmed",
                "'addresses':[{'type':'IPAddress'}] | True/Accepted | True/Programmed",
                "'addresses':[{'value':'10.9.9.9'}] | True/Accepted | False/AddressNotUsable",
                "'addresses':[{'type':'test/fake','value':'x'}] | False/UnsupportedAddress"
                        + "| False/Invalid",
                "'infrastructure':{'parametersRef':{'group':'a.b','kind':'C','name':'d'}}"
                        + "| False/InvalidParameters | False/Invalid"
            })
    void whatAGatewayAsksForIsJudged(String more, String accepted, String programmed)
            throws Exception {
        createService("ClusterIP");
        cluster.createGateway("gateway", "," + more.replace('\'', '"'));
        cluster.start(new Setup());

        awaitProgrammed("gateway", programmed);
        assertThat(cluster.gatewayCondition("gateway", "Accepted")).isEqualTo(accepted);
    }

    @Test
    void everyGatewayGetsAnAddressOfThePoolAndKeepsIt() throws Exception {
        cluster.createPool();
        for (String name : List.of("a", "b", "c")) {
            cluster.createGateway(name, "");
            cluster.createRoute(name, "/" + name, name);
        }
        GatewayProgram first = cluster.start(new Setup().pool("127.0.8.0/30"));
        await().atMost(SOON).until(first::isServing);
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(programmed())
                                .containsExactlyInAnyOrder(
                                        "True/Programmed",
                                        "True/Programmed",
                                        "False/AddressNotAssigned"));
        List<String> before = addresses();
        assertThat(before).containsExactlyInAnyOrder("127.0.8.1", "127.0.8.2", "");
        for (String name : List.of("a", "b", "c")) {
            String address = String.join("", cluster.addresses(name));
            if (!address.isEmpty()) {
                assertThat(cluster.post(address, cluster.port(), "/" + name)).isEqualTo(200);
            }
        }

        first.close();
        GatewayProgram second = cluster.start(new Setup().pool("127.0.8.0/30"));
        await().atMost(SOON).until(second::isServing);
        assertThat(addresses()).isEqualTo(before);
        cluster.delete("Gateway", before.getFirst().isEmpty() ? "b" : "a");
        await().atMost(SOON)
                .untilAsserted(() -> {
                    List<String> left = new ArrayList<>(cluster.addresses("c"));
                    left.addAll(cluster.addresses(before.getFirst().isEmpty() ? "a" : "b"));
                    assertThat(left).containsExactlyInAnyOrder("127.0.8.1", "127.0.8.2");
                });
    }

    @Test
    void aGatewayOfABareHostHasAnAddressThatItAsksFor() throws Exception {
        cluster.createPool();
        cluster.createGateway("gateway", ",\"addresses\":[{\"value\":\"127.0.9.1\"}]");
        cluster.createRoute("route", "/");
        cluster.start(new Setup().boundTo("0.0.0.0").node("192.0.2.4"));

        awaitProgrammed("gateway", "True/Programmed");
        assertThat(cluster.addresses("gateway")).containsExactly("127.0.9.1");
        await().until(() -> cluster.post("127.0.9.1", cluster.port(), "/") == 200);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 192.0.2.4", "127.0.0.1, 127.0.0.1"})
    void anAddressOfOthersIsRefused(String bound, String address) throws Exception {
        cluster.createGateway("gateway", ",\"addresses\":[{\"value\":\"198.51.100.9\"}]");
        cluster.start(new Setup().boundTo(bound).node("192.0.2.4"));

        awaitProgrammed("gateway", "False/AddressNotUsable");
        assertThat(cluster.addresses("gateway")).containsExactly(address);
    }

    @Test
    void aPortThatIsTakenIsSaid() throws Exception {
        try (ServerSocket _ =
                new ServerSocket(cluster.port(), 1, InetAddress.getLoopbackAddress())) {
            cluster.createGateway("gateway", "");
            cluster.start(new Setup().boundTo("127.0.0.1"));

            awaitProgrammed("gateway", "False/Invalid");
            JsonNode listener =
                    Trees.arrayAt(cluster.find("Gateway", "gateway"), "status", "listeners")
                            .path(0);
            assertThat(Cluster.condition(listener.path("conditions"), "Accepted"))
                    .isEqualTo("False/PortUnavailable");
        }
    }

    private List<String> programmed() {
        List<String> all = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            all.add(cluster.gatewayCondition(name, "Programmed"));
        }
        return all;
    }

    private List<String> addresses() {
        List<String> all = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            all.add(String.join(" ", cluster.addresses(name)));
        }
        return all;
    }

    private void awaitProgrammed(String gateway, String value) {
        await().atMost(SOON)
                .until(() -> cluster.gatewayCondition(gateway, "Programmed"), value::equals);
    }

    private void createService(String type) {
        cluster.create(
                """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"weir"},
                 "spec":{"type":"%s","clusterIP":"10.96.0.17","ports":[{"port":80}]}}
                """
                        .formatted(type));
    }

    private void balance(String ip) {
        ObjectNode service = cluster.client().get("v1", "Service", "default", "weir").orElseThrow();
        cluster.client()
                .setStatus(
                        service,
                        Cluster.tree("{\"loadBalancer\":{\"ingress\":[{\"ip\":\"" + ip + "\"}]}}"));
    }
}
