package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** What users of a cluster do with kubectl, without a cluster. */
class KubectlTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String POOLS = "inferencepools.inference.networking.x-k8s.io";

    @TempDir Path folder;
    @TempDir Path home;

    @Test
    void aCanaryIsRolledOutUnderTrafficWithoutAFailedRequest() throws Exception {
        Path example = WeirRunner.copyOf("replace-a-pool", folder);
        try (WeirRunner weir = WeirRunner.up("--empty")) {
            Kubectl kubectl = start(weir, example);
            assertThat(
                            kubectl.run(
                                    "get",
                                    "gateway/inference-gateway",
                                    "-o",
                                    "jsonpath={.status.addresses[0].value}"))
                    .isEqualTo("127.0.0.1");
            assertThat(kubectl.run("get", POOLS)).contains("llm-pool-v1", "llm-pool-v2");
            try (Traffic traffic = Traffic.start(weir, 100)) {
                traffic.await(50);
                applyWeights(kubectl, 50, 50);
                assertShareOfFirst(traffic, 45, 55);
                applyWeights(kubectl, 0, 100);
                assertShareOfFirst(traffic, 0, 1);
                traffic.stop();
                assertThat(traffic.failures()).isEmpty();
            }
        }
    }

    @Test
    void aRestartOfTheServersFailsNoRequest() throws Exception {
        Path example = WeirRunner.copyOf("replace-a-pool", folder);
        try (WeirRunner weir = WeirRunner.up("--empty")) {
            Kubectl kubectl = start(weir, example);
            String before = kubectl.run("get", "pods", "-o", "name");
            try (Traffic traffic = Traffic.start(weir, 100)) {
                traffic.await(50);
                kubectl.run("rollout", "restart", "deployment/llm-v1", "deployment/llm-v2");
                kubectl.run("rollout", "status", "deployment/llm-v1", "--timeout=20s");
                kubectl.run("rollout", "status", "deployment/llm-v2", "--timeout=20s");
                traffic.await(300);
                traffic.stop();
                assertThat(traffic.failures()).isEmpty();
            }
            assertThat(kubectl.run("get", "pods", "-o", "name").lines())
                    .isNotEmpty()
                    .doesNotContainAnyElementsOf(before.lines().toList());
        }
    }

    @Test
    void podsCanBeListedScaledDeletedAndTheirLogsRead() throws Exception {
        Path example = WeirRunner.copyOf("replace-a-pool", folder);
        try (WeirRunner weir = WeirRunner.up("--empty")) {
            Kubectl kubectl = start(weir, example);
            kubectl.run("scale", "deployment/llm-v1", "--replicas=1");
            kubectl.run("scale", "deployment/llm-v2", "--replicas=0");
            kubectl.run("rollout", "status", "deployment/llm-v1", "--timeout=20s");
            until(() -> kubectl.run("get", "pods", "-o", "name").lines().count() == 1);
            applyWeights(kubectl, 1, 0);
            String pod = kubectl.run("get", "pods", "-o", "name");
            assertThat(kubectl.run("get", "pods", "-o", "wide")).contains("Running", "1/1");
            until(() -> ("pod/" + weir.chat("food-review-1").pod()).equals(pod));

            assertThat(kubectl.run("logs", pod)).contains("\"POST /v1/chat/completions HTTP/1.1\"");

            kubectl.run("delete", pod);
            until(() -> {
                String now = kubectl.run("get", "pods", "-o", "name");
                return !now.isEmpty() && !now.contains(pod);
            });
            until(() -> weir.chat("food-review-1").status() == 200);
            assertThat(kubectl.run("describe", "deployment/llm-v1")).contains("1 available");
        }
    }

    @Test
    void aPoolInUseThatIsDeletedIsToldAndComesBack() throws Exception {
        Path example = WeirRunner.copyOf("replace-a-pool", folder);
        try (WeirRunner weir = WeirRunner.up("--empty")) {
            Kubectl kubectl = start(weir, example);
            applyWeights(kubectl, 1, 0);
            until(() -> weir.chat("food-review-1").status() == 200);

            kubectl.run("delete", POOLS, "llm-pool-v1");
            until(() -> weir.chat("food-review-1").status() == 500);
            until(() -> resolved(kubectl).equals("False BackendNotFound"));
            assertThat(kubectl.run("describe", "httproute", "llm-route"))
                    .contains("ResolvedRefs is False");

            kubectl.run("apply", "-f", example.resolve("pools.yaml").toString());
            until(() -> weir.chat("food-review-1").status() == 200);
            until(() -> resolved(kubectl).equals("True ResolvedRefs"));
        }
    }

    @Test
    void whatAFileSaysIsChangedInTheFile() throws Exception {
        Path example = WeirRunner.copyOf("replace-a-pool", folder);
        try (WeirRunner weir = WeirRunner.up("-f", example.toString())) {
            Kubectl kubectl = Kubectl.of(weir, home);
            Kubectl.Result refused =
                    kubectl.attempt("delete", "httproute", "llm-route", "--wait=false");

            assertThat(refused.code()).isNotZero();
            assertThat(refused.text()).contains("comes from the file").contains("httproute.yaml");
            until(() ->
                    kubectl.run(
                                    "get",
                                    "httproute",
                                    "llm-route",
                                    "-o",
                                    "jsonpath={.status.parents[0].conditions[?(@.type==\"Accepted\")].status}")
                            .equals("True"));

            Files.delete(example.resolve("httproute.yaml"));
            until(() -> kubectl.attempt("get", "httproute", "llm-route").code() != 0);
        }
    }

    @Test
    void whatKubectlBroughtIsThereAfterARestart() throws Exception {
        Path example = WeirRunner.copyOf("replace-a-pool", folder);
        String data = home.resolve("data").toString();
        try (WeirRunner weir = WeirRunner.up("--empty", "--data-dir", data)) {
            start(weir, example);
        }
        try (WeirRunner weir = WeirRunner.up("--empty", "--data-dir", data)) {
            Kubectl kubectl = Kubectl.of(weir, home);

            assertThat(kubectl.run("get", "httproutes", "-o", "name")).contains("llm-route");
            assertThat(weir.chat("food-review-1").status()).isEqualTo(200);
        }
    }

    @Test
    void aPodOfAnUnknownImageSaysWhyItWaits() throws Exception {
        try (WeirRunner weir = WeirRunner.up("--empty")) {
            Kubectl kubectl = Kubectl.of(weir, home);
            kubectl.run("run", "web", "--image=nginx:1.29");
            until(() ->
                    kubectl.run("describe", "pod", "web").contains("weir up does not run nginx"));
            assertThat(kubectl.run("get", "pod", "web")).contains("0/1");
        }
    }

    @Test
    void aBarePodRunsAgainAfterARestart() throws Exception {
        String data = home.resolve("data").toString();
        try (WeirRunner weir = WeirRunner.up("--empty", "--data-dir", data)) {
            Kubectl kubectl = Kubectl.of(weir, home);
            kubectl.run(
                    "run",
                    "bare",
                    "--image=ghcr.io/llm-d/llm-d-inference-sim:v0.6.1",
                    "--",
                    "--model",
                    "m");
            kubectl.run("wait", "--for=condition=Ready", "pod/bare", "--timeout=10s");
        }
        try (WeirRunner weir = WeirRunner.up("--empty", "--data-dir", data)) {
            Kubectl kubectl = Kubectl.of(weir, home);
            kubectl.run("wait", "--for=condition=Ready", "pod/bare", "--timeout=10s");
            until(() -> kubectl.run("logs", "bare").contains("Simulated server of m"));
        }
    }

    @Test
    void adaptersOfAConfigMapAreOfferedAsSoonAsItChanges() throws Exception {
        Path manifests = Files.writeString(folder.resolve("adapters.yaml"), withAdapter("first"));
        try (WeirRunner weir = WeirRunner.up("--empty")) {
            Kubectl kubectl = Kubectl.of(weir, home);
            kubectl.run("apply", "-f", manifests.toString());
            kubectl.run("rollout", "status", "deployment/synced", "--timeout=20s");
            until(() -> models(kubectl).contains("first"));
            String pod = kubectl.run("get", "pods", "-o", "name");

            Files.writeString(manifests, withAdapter("second"));
            kubectl.run("apply", "-f", manifests.toString());
            until(() -> models(kubectl).contains("second"));
            assertThat(models(kubectl)).doesNotContain("first");
            assertThat(kubectl.run("get", "pods", "-o", "name")).isEqualTo(pod);
            assertThat(kubectl.run("logs", pod)).contains("Adapters are now second");
        }
    }

    /** Asks the one Pod for its models. */
    private static String models(Kubectl kubectl) {
        String address = kubectl.run("get", "pods", "-o", "jsonpath={.items[0].status.podIP}");
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://" + address + ":8000/v1/models");
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String withAdapter(String name) {
        return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: adapters}
        data:
          configmap.yaml: |
            vLLMLoRAConfig:
              name: adapters
              ensureExist:
                models:
                - {id: %s, source: none}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: synced}
        spec:
          replicas: 1
          selector: {matchLabels: {app: synced}}
          template:
            metadata: {labels: {app: synced}}
            spec:
              containers:
              - name: server
                image: ghcr.io/llm-d/llm-d-inference-sim:v0.6.1
                args: [--model, base]
                volumeMounts: [{name: config, mountPath: /config}]
              volumes:
              - name: config
                configMap: {name: adapters}
        """
                .formatted(name);
    }

    private Kubectl start(WeirRunner weir, Path example) throws InterruptedException {
        Kubectl kubectl = Kubectl.of(weir, home);
        kubectl.run("apply", "-f", example.toString());
        kubectl.run("rollout", "status", "deployment/llm-v1", "--timeout=20s");
        kubectl.run("rollout", "status", "deployment/llm-v2", "--timeout=20s");
        until(() -> !weir.program().addresses().isEmpty());
        until(() -> weir.chat("food-review-1").status() == 200);
        return kubectl;
    }

    private void applyWeights(Kubectl kubectl, int first, int second) throws Exception {
        Path route = folder.resolve("httproute.yaml");
        Files.writeString(
                route, ReplacePoolTest.withWeights(Files.readString(route), first, second));
        kubectl.run("apply", "-f", route.toString());
        Thread.sleep(100);
    }

    private static void assertShareOfFirst(Traffic traffic, int least, int most)
            throws InterruptedException {
        Traffic.Split split = traffic.nextSplit(100, "llm-v1-");
        assertThat(split.first() * 100.0 / split.all()).isBetween((double) least, (double) most);
    }

    private static String resolved(Kubectl kubectl) {
        String path = "{range .status.parents[0].conditions[?(@.type==\"ResolvedRefs\")]}";
        return kubectl.run(
                "get",
                "httproute/llm-route",
                "-o",
                "jsonpath=" + path + "{.status} {.reason}{end}");
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(20);
        }
    }
}
