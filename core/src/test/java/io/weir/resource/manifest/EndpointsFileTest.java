package io.weir.resource.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.resource.FileEndpoint;
import io.weir.resource.ObjectName;
import io.weir.resource.Origin;
import io.weir.resource.Problem;

import org.junit.jupiter.api.Test;

import java.util.Map;

class EndpointsFileTest {

    @Test
    void namesAddressesAndHostNames() {
        EndpointsFile file =
                read(
                        """
                        endpoints:
                        - name: a
                          address: 10.0.0.7
                          port: "8000"
                          labels: {app: vllm}
                        - {name: b, namespace: team, address: "fd00::7", port: 8001}
                        - {name: c, address: "[::1]", port: "8002", zone: east}
                        - {name: d, address: gpu-1.example.com, port: "8003"}
                        """);
        assertThat(file.problems()).isEmpty();
        assertThat(file.endpoints())
                .containsExactly(
                        new FileEndpoint(
                                new ObjectName("default", "a"),
                                "10.0.0.7",
                                8000,
                                Map.of("app", "vllm"),
                                new Origin("endpoints.yaml", 2)),
                        new FileEndpoint(
                                new ObjectName("team", "b"),
                                "fd00::7",
                                8001,
                                Map.of(),
                                new Origin("endpoints.yaml", 6)),
                        new FileEndpoint(
                                new ObjectName("default", "c"),
                                "::1",
                                8002,
                                Map.of(),
                                new Origin("endpoints.yaml", 7)),
                        new FileEndpoint(
                                new ObjectName("default", "d"),
                                "gpu-1.example.com",
                                8003,
                                Map.of(),
                                new Origin("endpoints.yaml", 8)));
    }

    @Test
    void jsonIsFineToo() {
        EndpointsFile file =
                read("{\"endpoints\": [{\"name\": \"a\", \"address\": \"h\", \"port\": \"1\"}]}");
        assertThat(file.problems()).isEmpty();
        assertThat(file.endpoints()).hasSize(1);
    }

    @Test
    void badEntriesAreToldAndGoodOnesUsed() {
        EndpointsFile file =
                read(
                        """
                        endpoints:
                        - {address: 10.0.0.7, port: "8000"}
                        - {name: b, address: "10.0.0.7:80", port: "0"}
                        - {name: c, port: "65536"}
                        - {name: d, address: 10.0.0.256, port: "+5"}
                        - nothing
                        - {name: e, address: e, port: "1"}
                        """);
        assertThat(file.endpoints())
                .extracting(FileEndpoint::name)
                .containsExactly(new ObjectName("default", "e"));
        assertThat(file.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "endpoints.yaml:2: endpoints[0].name: missing (expected: a name of 1..253"
                                + " characters)",
                        "endpoints.yaml:3: endpoints[1].address: \"10.0.0.7:80\" (expected: an IP"
                                + " address or a host name)",
                        "endpoints.yaml:3: endpoints[1].port: \"0\" (expected: 1..65535)",
                        "endpoints.yaml:4: endpoints[2].address: missing (expected: an IP address or"
                                + " a host name)",
                        "endpoints.yaml:4: endpoints[2].port: \"65536\" (expected: 1..65535)",
                        "endpoints.yaml:5: endpoints[3].address: \"10.0.0.256\" (expected: an IP"
                                + " address or a host name)",
                        "endpoints.yaml:5: endpoints[3].port: \"+5\" (expected: 1..65535)",
                        "endpoints.yaml:6: endpoints[4]: \"nothing\" (expected: a map)");
    }

    @Test
    void ofTwoWithTheSameNameTheLastIsUsed() {
        EndpointsFile file =
                read(
                        """
                        endpoints:
                        - {name: a, address: one, port: "1"}
                        - {name: a, address: two, port: "1"}
                        """);
        assertThat(file.endpoints()).extracting(FileEndpoint::address).containsExactly("two");
        assertThat(file.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "endpoints.yaml:3: warning: endpoints[1].name: default/a again, first at"
                                + " endpoints.yaml:2 (the last is used)");
    }

    @Test
    void aFileWithoutEndpointsIsAProblemAnEmptyListIsNot() {
        assertThat(read("servers: []").problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "endpoints.yaml:1: endpoints: missing (expected: a list of endpoints)");
        assertThat(read("endpoints: []").problems()).isEmpty();
    }

    private static EndpointsFile read(String text) {
        return EndpointsFile.read("endpoints.yaml", text.getBytes(UTF_8));
    }
}
