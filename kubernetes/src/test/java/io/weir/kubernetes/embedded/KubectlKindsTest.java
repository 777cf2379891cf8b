package io.weir.kubernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Kinds that several groups have, kinds that are only kept, and the tokens of accounts. */
final class KubectlKindsTest extends ApiWithKubectl {

    private static final String OLD_POOL =
            """
            apiVersion: inference.networking.x-k8s.io/v1alpha2
            kind: InferencePool
            metadata: {name: old}
            spec:
              targetPortNumber: 8000
              selector: {app: server}
              extensionRef: {name: picker}
            """;

    private static final String POOL =
            """
            apiVersion: inference.networking.k8s.io/v1
            kind: InferencePool
            metadata: {name: new}
            spec:
              targetPorts: [{number: 8000}]
              selector: {matchLabels: {app: server}}
            """;

    private static final String REWRITE =
            """
            apiVersion: %s
            kind: InferenceModelRewrite
            metadata: {name: %s}
            spec:
              poolRef: {name: new}
              rules: [{targets: [{modelRewrite: m}]}]
            """;

    /** As kubectl with a cache that has run out. */
    private void forgetKinds() {
        done("api-resources");
    }

    @Test
    void showsTheGroupThatHasObjects() {
        String before = api().kubectlUrl().toString();
        done("apply -f -", OLD_POOL);
        assertThat(api().kubectlUrl().toString()).isNotEqualTo(before);
        forgetKinds();
        assertThat(done("get inferencepools -o name"))
                .isEqualTo("inferencepool.inference.networking.x-k8s.io/old\n");

        done("apply -f -", POOL);
        forgetKinds();
        assertThat(done("get inferencepools -o name"))
                .isEqualTo("inferencepool.inference.networking.k8s.io/new\n");
        assertThat(kubectl("get inferencepools").err())
                .contains("write inferencepools.inference.networking.x-k8s.io");

        done("delete inferencepool.inference.networking.x-k8s.io old");
        done("apply -f -", REWRITE.formatted("inference.networking.k8s.io/v1alpha2", "odd"));
        forgetKinds();
        assertThat(done("get inferencemodelrewrites -o name")).contains("/odd");
        done("apply -f -", REWRITE.formatted("llm-d.ai/v1alpha2", "even"));
        forgetKinds();
        assertThat(done("get inferencemodelrewrites -o name")).contains("llm-d.ai/even");

        done("delete inferencepool new");
        done("delete inferencemodelrewrites.llm-d.ai even");
        done("delete inferencemodelrewrites.inference.networking.k8s.io odd");
        assertThat(api().kubectlUrl().toString()).isEqualTo(before);
    }

    @Test
    void saysWhereObjectsOfThatNameAre() {
        forgetKinds();
        done("apply -f -", REWRITE.formatted("llm-d.ai/v1alpha2", "there"));

        assertThat(kubectl("get inferencemodelrewrites").err())
                .contains("Warning", "for those in llm-d.ai write inferencemodelrewrites.llm-d.ai");
        assertThat(kubectl("delete inferencemodelrewrites there").err())
                .contains("Warning", "inferencemodelrewrites.llm-d.ai", "NotFound");

        done("delete inferencemodelrewrites.llm-d.ai there");
    }

    @Test
    void acceptsAnAddressWithTheFingerprintOfTheKinds() {
        assertThat(done("get ns --server=" + api().kubectlUrl())).contains("default");
        assertThat(done("explain pod.spec.containers --server=" + api().kubectlUrl()))
                .contains("image");
    }

    @Test
    void keepsKindsOnWhichNothingActs() {
        var result =
                kubectl(
                        "apply -f -",
                        """
                        apiVersion: networking.istio.io/v1
                        kind: DestinationRule
                        metadata: {name: picker}
                        spec: {host: picker, trafficPolicy: {tls: {mode: SIMPLE}}}
                        """);
        assertThat(result.all()).contains("picker created", "nothing here acts on them");
        assertThat(done("get dr picker -o jsonpath={.spec.trafficPolicy.tls.mode}"))
                .isEqualTo("SIMPLE");
    }

    @Test
    void prunesWhatIsNoLongerInTheManifests() {
        String maps =
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s, labels: {of: us}}
                """;
        done("create namespace pruned");
        done("apply -n pruned -l of=us -f -", maps.formatted("a") + "---\n" + maps.formatted("b"));
        assertThat(done("apply -n pruned --prune -l of=us -f -", maps.formatted("a")))
                .contains("configmap/b pruned");
        assertThat(done("get cm -n pruned -o name")).isEqualTo("configmap/a\n");
    }

    @Test
    void givesTokensToAccountsThatMayLook() {
        done("create namespace tokens");
        done("create serviceaccount robot -n tokens");
        String token = done("create token robot -n tokens").strip();
        String as = " --kubeconfig=/dev/null --insecure-skip-tls-verify --server=" + api().url();
        assertThat(done("auth whoami --token=" + token + as))
                .contains("system:serviceaccount:tokens:robot", "system:serviceaccounts:tokens");
        assertThat(done("get sa -n tokens -o name --token=" + token + as))
                .contains("serviceaccount/robot", "serviceaccount/default");
        assertThat(kubectl("delete sa robot -n tokens --token=" + token + as).err())
                .contains("Forbidden", "may only look");
        assertThat(kubectl("create token robot -n tokens --duration=1m").err())
                .contains("expected: 600..");

        done("delete sa robot -n tokens");
        assertThat(kubectl("get sa -n tokens --token=" + token + as).err())
                .contains("Unauthorized");
        assertThat(kubectl("get sa -n tokens --token=x.y.z" + as).err()).contains("Unauthorized");
    }
}
