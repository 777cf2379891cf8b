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

    @Test
    void goesBackToTheReplicaSetOfAnEarlierRevision() {
        deploy("undone", 1);
        String first = done("get rs -o name -n undone").strip();
        done("set image deployment/server server=sim:2 -n undone");
        done("annotate deployment/server kubernetes.io/change-cause='second image' -n undone");
        rollout("undone");
        await().untilAsserted(() ->
                assertThat(done("rollout history deployment/server -n undone"))
                        .containsPattern("1 +<none>\n2 +second image"));
        assertThat(done("rollout history deployment/server --revision=2 -n undone"))
                .contains("sim:2");
        done("rollout undo deployment/server -n undone");
        rollout("undone");

        assertThat(done("get rs -n undone -o name").lines()).hasSize(2);
        String annotation =
                "jsonpath='{.metadata.annotations.deployment\\.kubernetes\\.io/revision}'";
        await().untilAsserted(() -> {
            assertThat(done("get " + first + " -n undone -o " + annotation)).isEqualTo("3");
            assertThat(done("get deployment/server -n undone -o " + annotation)).isEqualTo("3");
        });
        assertThat(done("describe deployment/server -n undone"))
                .contains("ScalingReplicaSet", "Scaled up replica set " + first.substring(16));
    }

    @Test
    void waitsWhilePausedAndThenGoesOn() {
        deploy("paused", 2);
        done("rollout pause deployment/server -n paused");
        done("set env deployment/server A=b -n paused");
        done("scale deployment/server --replicas=3 -n paused");
        await().untilAsserted(() -> assertThat(ready("paused")).isEqualTo(3));
        assertThat(done("get rs -o name -n paused").lines()).hasSize(1);
        assertThat(done("describe deployment/server -n paused")).contains("DeploymentPaused");

        done("rollout resume deployment/server -n paused");
        rollout("paused");
        assertThat(done("get rs -o name -n paused").lines()).hasSize(2);
    }

    @Test
    void recreatesPodsWhenTheStrategySaysSo() throws Exception {
        deploy("recreated", 2);
        done(
                "patch deployment server -n recreated -p"
                        + " '{\"spec\":{\"strategy\":{\"type\":\"Recreate\",\"rollingUpdate\":null}}}'");
        AtomicInteger most = new AtomicInteger();
        try (var _ =
                api().subscribe(
                                "watching",
                                changes -> most.accumulateAndGet(ready("recreated"), Math::max))) {
            done("rollout restart deployment server -n recreated");
            rollout("recreated");
            assertThat(most.get()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void saysWhenARolloutTakesTooLong() {
        deploy("late", 1);
        done("patch deployment server -n late -p '{\"spec\":{\"progressDeadlineSeconds\":1}}'");
        done("set image deployment/server server=unknown/x -n late");
        assertThat(kubectl("rollout status deployment/server --timeout=20s -n late").err())
                .contains("exceeded its progress deadline");
    }

    @Test
    void refusesLimitsThatStopEveryRollout() {
        deploy("limits", 1);
        String patch =
                "patch deployment server -n limits -p"
                        + " '{\"spec\":{\"strategy\":{\"rollingUpdate\":{\"maxSurge\":%s,\"maxUnavailable\":0}}}}'";
        assertThat(kubectl(patch.formatted("0")).err())
                .contains("may not be 0 when `maxSurge` is 0");
        assertThat(kubectl(patch.formatted("\"some\"")).err()).contains("maxSurge", "percentage");
        done(patch.formatted("2"));
    }
}
