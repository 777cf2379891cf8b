package io.weir.kubernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What the commands of the guides do; each test has a namespace of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KubectlTest {

    private static final String ROUTE =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata:
              name: llm-route
            spec:
              parentRefs:
              - name: inference-gateway
              rules:
              - backendRefs:
                - group: inference.networking.k8s.io
                  kind: InferencePool
                  name: pool
                  weight: %d
            """;

    @TempDir private static Path home;

    private Optional<EmbeddedApi> started = Optional.empty();
    private Optional<Kubectl> found = Optional.empty();

    @BeforeAll
    void start() throws IOException {
        Optional<Path> binary = Kubectl.find();
        assumeThat(binary).as("kubectl is not installed: its tests are skipped").isPresent();
        EmbeddedApi api = TestApi.ephemeral();
        started = Optional.of(api);
        found = Optional.of(Kubectl.of(binary.get(), home, api.kubeconfig()));
    }

    @AfterAll
    void stop() {
        started.ifPresent(EmbeddedApi::close);
    }

    private Kubectl.Result kubectl(String line) {
        return found.orElseThrow().run(line);
    }

    private Kubectl.Result kubectl(String line, String in) {
        return found.orElseThrow().run(line, in);
    }

    private void namespace(String name) {
        assertThat(kubectl("create namespace " + name).out())
                .isEqualTo("namespace/" + name + " created\n");
    }

    @Test
    void appliesARouteChangesItAndDeletesIt() {
        namespace("routes");
        assertThat(kubectl("apply -n routes -f -", ROUTE.formatted(1)).all())
                .isEqualTo("httproute.gateway.networking.k8s.io/llm-route created\n");
        assertThat(kubectl("apply -n routes -f -", ROUTE.formatted(9)).all())
                .isEqualTo("httproute.gateway.networking.k8s.io/llm-route configured\n");
        assertThat(
                        kubectl(
                                        "get httproute llm-route -n routes -o"
                                                + " jsonpath='{.spec.rules[0].backendRefs[0].weight}"
                                                + " {.metadata.generation}'")
                                .out())
                .isEqualTo("9 2");
        assertThat(kubectl("delete httproute llm-route -n routes").out())
                .isEqualTo("httproute.gateway.networking.k8s.io \"llm-route\" deleted\n");
        assertThat(kubectl("get httproutes -n routes").err())
                .isEqualTo("No resources found in routes namespace.\n");
    }

    @Test
    void refusesWhatIsNotValidWithPathsOfFields() {
        Kubectl.Result result = kubectl("apply -f -", ROUTE.formatted(-1));

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("The HTTPRoute \"llm-route\" is invalid")
                .contains("spec.rules[0].backendRefs[0].weight: Invalid value: -1")
                .contains("should be greater than or equal to 0");
    }
}
