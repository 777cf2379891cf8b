package io.weir.kubernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Deployments and what becomes of them; each test has a namespace of its own. */
final class KubectlWorkloadsTest extends ApiWithKubectl {

    private static final String DEPLOYMENT =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: server}
            spec:
              replicas: %d
              selector: {matchLabels: {app: server}}
              template:
                metadata: {labels: {app: server}}
                spec:
                  containers:
                  - name: server
                    image: %s
                    ports: [{name: web, containerPort: 8000}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: server}
            spec:
              selector: {app: server}
              ports: [{port: 80, targetPort: web}]
            """;

    private void deploy(String namespace, int replicas) {
        done("create namespace " + namespace);
        done("apply -n " + namespace + " -f -", DEPLOYMENT.formatted(replicas, "sim:1"));
        rollout(namespace);
    }

    private void rollout(String namespace) {
        assertThat(done("rollout status deployment/server --timeout=20s -n " + namespace))
                .contains("successfully rolled out");
    }

    private String addresses(String namespace) {
        return done(
                "get endpointslices -n "
                        + namespace
                        + " -o jsonpath={.items[*].endpoints[*].addresses[*]}");
    }

    private int ready(String namespace) {
        return (int)
                api().client("test").list("v1", "Pod", namespace).stream()
                        .filter(pod -> !pod.at("/metadata").has("deletionTimestamp"))
                        .filter(pod -> pod.at("/status/phase").asText().equals("Running"))
                        .count();
    }

    @Test
    void makesPodsReadyAndGivesServicesTheirAddresses() {
        deploy("ready", 2);

        done("wait --for=condition=Ready pod -l app=server --timeout=10s -n ready");
        await().untilAsserted(() -> assertThat(addresses("ready").split(" ")).hasSize(2));
        assertThat(done("get endpointslices -n ready -o jsonpath={.items[0].ports[0].port}"))
                .isEqualTo("8000");
        assertThat(done("get pods -n ready -o jsonpath={.items[*].status.podIP}").split(" "))
                .containsExactlyInAnyOrder(addresses("ready").split(" "));
        assertThat(done("get deployment server -n ready --no-headers"))
                .containsPattern("server +2/2 +2 +2");
        assertThat(done("logs deployment/server -n ready")).contains("second line");
    }

    @Test
    void scalesUpAndDown() {
        deploy("scaled", 1);

        done("scale deployment server --replicas=4 -n scaled");
        rollout("scaled");
        assertThat(done("get pods -o name -n scaled").lines()).hasSize(4);
        done("scale deployment server --replicas=0 -n scaled");
        rollout("scaled");
        await().untilAsserted(() -> assertThat(ready("scaled")).isZero());
        await().untilAsserted(() -> assertThat(addresses("scaled")).isEmpty());
    }

    @Test
    void neverFallsBelowTheWantedCountWhenRestarted() throws Exception {
        deploy("restarted", 3);
        AtomicInteger lowest = new AtomicInteger(3);
        try (var _ =
                api().subscribe(
                                "watching",
                                changes ->
                                        lowest.accumulateAndGet(ready("restarted"), Math::min))) {
            String before = done("get pods -o name -n restarted");
            done("rollout restart deployment server -n restarted");
            rollout("restarted");
            assertThat(done("get pods -o name -n restarted").lines())
                    .hasSize(3)
                    .doesNotContainAnyElementsOf(before.lines().toList());
        }
        assertThat(lowest).hasValue(3);
        assertThat(done("rollout history deployment server -n restarted"))
                .containsPattern("1 +<none>\n2 +<none>");
    }

    @Test
    void replacesADeletedPod() {
        deploy("replaced", 1);
        String pod = done("get pods -o name -n replaced").strip();

        done("delete " + pod + " -n replaced");
        rollout("replaced");
        await().untilAsserted(() -> assertThat(ready("replaced")).isOne());
        assertThat(done("get pods -o name -n replaced").strip()).isNotEqualTo(pod).isNotEmpty();
        assertThat(pods.running()).doesNotContainKey(pod.substring("pod/".length()));
    }

    @Test
    void takesEverythingAlongWhenADeploymentIsDeleted() {
        deploy("deleted", 2);

        done("delete deployment server -n deleted");
        await().untilAsserted(() -> assertThat(done("get pods,rs -o name -n deleted")).isEmpty());
    }

    @Test
    void leavesEverythingBehindWhenADeploymentIsDeletedAsAnOrphan() {
        deploy("orphaned", 2);
        String before = done("get pods,rs -o name -n orphaned");

        done("delete deployment server --cascade=orphan -n orphaned");
        await().during(Duration.ofMillis(500))
                .untilAsserted(() ->
                        assertThat(done("get pods,rs -o name -n orphaned")).isEqualTo(before));
    }

    @Test
    void saysWhyAPodDoesNotRun() {
        done("create namespace refused");
        done("apply -n refused -f -", DEPLOYMENT.formatted(1, "unknown/x"));

        await().untilAsserted(() ->
                assertThat(done("get pods -n refused")).containsPattern("0/1 +ErrImagePull"));
        assertThat(done("get deployment server -n refused --no-headers"))
                .containsPattern("server +0/1");
    }

    @Test
    void keepsServingWithTheOldPodsWhenNewOnesDoNotRun() {
        deploy("stuck", 2);

        done("set image deployment/server server=unknown/x -n stuck");
        assertThat(kubectl("rollout status deployment/server --timeout=1s -n stuck").code())
                .isNotZero();
        assertThat(ready("stuck")).isEqualTo(2);
        done("rollout undo deployment/server -n stuck");
        rollout("stuck");
        await().untilAsserted(
                        () -> assertThat(done("get pods -o name -n stuck").lines()).hasSize(2));
    }
}
