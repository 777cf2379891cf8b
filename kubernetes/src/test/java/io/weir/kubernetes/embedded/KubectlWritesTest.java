package io.weir.kubernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The ways in which kubectl writes; each test has names of its own. */
final class KubectlWritesTest extends ApiWithKubectl {

    private static final String DEFINITION =
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata:
              name: %1$ss.test.weir.dev
            spec:
              group: test.weir.dev
              scope: Namespaced
              names: {plural: %1$ss, singular: %1$s, kind: %2$s, shortNames: [%1$.2s]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}}
                additionalPrinterColumns:
                - {name: Size, type: integer, jsonPath: .spec.size}
                - {name: Color, type: string, jsonPath: .spec.color, priority: 1}
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec:
                        type: object
                        description: What is wanted.
                        required: [size]
                        x-kubernetes-validations:
                        - rule: "self.size <= 10 || self.color == 'red'"
                          message: big ones are red
                        properties:
                          size: {type: integer, minimum: 1}
                          color: {type: string, enum: [red, blue], default: blue}
                      status:
                        type: object
                        x-kubernetes-preserve-unknown-fields: true
            """;

    private static final String MAP =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: %s}
            data: {first: %s, second: b}
            """;

    @BeforeAll
    void define() {
        done("apply -f -", DEFINITION.formatted("widget", "Widget"));
    }

    private static String widget(String name, String spec) {
        return """
        apiVersion: test.weir.dev/v1
        kind: Widget
        metadata: {name: %s}
        spec: %s
        """
                .formatted(name, spec);
    }

    @Test
    void printsTheColumnsOfADefinition() {
        done("apply -f -", widget("columns", "{size: 3}"));

        assertThat(done("get wi columns --no-headers -o wide")).containsPattern("columns +3 +blue");
        assertThat(done("get widgets columns --show-labels")).containsPattern("NAME +SIZE +LABELS");
        assertThat(done("explain widget.spec")).contains("What is wanted.", "enum: red, blue");
        assertThat(done("describe widget columns")).contains("Color:  blue");
    }

    @Test
    void refusesWhatADefinitionForbids() {
        assertThat(kubectl("apply -f -", widget("small", "{size: 0}")).err())
                .contains("spec.size: Invalid value: 0", "greater than or equal to 1");
        assertThat(kubectl("apply -f -", widget("green", "{size: 1, color: green}")).err())
                .contains("spec.color: Unsupported value: \"green\"", "\"red\", \"blue\"");
        assertThat(kubectl("apply -f -", widget("none", "{}")).err())
                .contains("spec.size: Required value");
        assertThat(kubectl("apply -f -", widget("big", "{size: 11}")).err())
                .contains("spec: Invalid value", "big ones are red");
        assertThat(kubectl("apply -f -", widget("odd", "{size: 1, odd: 1}")).err())
                .contains("strict decoding error: unknown field \"spec.odd\"");
        assertThat(kubectl("apply --validate=warn -f -", widget("odd", "{size: 1, odd: 1}")).all())
                .contains(
                        "Warning: unknown field \"spec.odd\"", "widget.test.weir.dev/odd created");
        assertThat(done("get widget odd -o jsonpath={.spec}"))
                .isEqualTo("{\"color\":\"blue\",\"size\":1}");
    }

    @Test
    void bringsAnAppliedDefinitionUnderServerSideApply() {
        String definition = DEFINITION.formatted("gadget", "Gadget");
        done("apply -f -", definition);

        assertThat(kubectl("apply --server-side -f -", definition).all())
                .isEqualTo(
                        "customresourcedefinition.apiextensions.k8s.io/gadgets.test.weir.dev"
                                + " serverside-applied\n");
        done("apply --server-side -f -", definition);
        assertThat(
                        done(
                                "get crd gadgets.test.weir.dev -o"
                                        + " 'jsonpath={.metadata.finalizers}"
                                        + " {.status.acceptedNames.kind}'"))
                .isEqualTo("[\"customresourcecleanup.apiextensions.k8s.io\"] Gadget");
    }

    @Test
    void tellsOwnersOfFieldsFromEachOther() {
        done("apply --server-side -f -", MAP.formatted("owned", "a"));

        Kubectl.Result refused =
                kubectl("apply --server-side --field-manager=x -f -", MAP.formatted("owned", "c"));
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("conflict with \"kubectl\": .data.first");

        done(
                "apply --server-side --field-manager=x --force-conflicts -f -",
                MAP.formatted("owned", "c"));
        done("apply --server-side -f -", MAP.formatted("owned", "c").replace(", second: b", ""));
        assertThat(done("get cm owned -o jsonpath={.data}"))
                .isEqualTo("{\"first\":\"c\",\"second\":\"b\"}");
    }

    @Test
    void editsPatchesLabelsAndShowsDifferences() {
        done("create -f -", MAP.formatted("edited", "a"));
        assertThat(kubectl("create -f -", MAP.formatted("edited", "a")).err())
                .contains("AlreadyExists", "configmaps \"edited\" already exists");
        assertThat(kubectl("diff -f -", MAP.formatted("edited", "a")).all()).isEmpty();
        assertThat(kubectl("diff -f -", MAP.formatted("edited", "z")).out())
                .contains("-  first: a", "+  first: z");

        Kubectl editor = kubectl().with("EDITOR", "sed -i s/first/zeroth/");
        assertThat(editor.run("edit cm edited").all()).isEqualTo("configmap/edited edited\n");
        done("patch cm edited --type=merge -p '{\"data\":{\"second\":null}}'");
        done(
                "patch cm edited --type=json -p"
                        + " '[{\"op\":\"add\",\"path\":\"/data/third\",\"value\":\"t\"}]'");
        done("label cm edited a=b");
        done("annotate cm edited note=x");
        assertThat(
                        done(
                                "get cm edited -o"
                                        + " 'jsonpath={.data}{.metadata.labels}{.metadata.annotations}'"))
                .isEqualTo("{\"third\":\"t\",\"zeroth\":\"a\"}{\"a\":\"b\"}{\"note\":\"x\"}");
        assertThat(kubectl("patch wi x -p '{}' --type=strategic").err()).contains("NotFound");
    }

    @Test
    void saysWhichKindsAreNotThere() {
        Kubectl.Result result =
                kubectl(
                        "apply -f -",
                        "apiVersion: other.dev/v1\nkind: Other\nmetadata: {name: o}\n");
        assertThat(result.err())
                .contains("no matches for kind \"Other\" in version \"other.dev/v1\"");
    }

    @Test
    void waitsForFinalizers() {
        done("create -f -", MAP.formatted("held", "a").replace("held", "held, finalizers: [a/b]"));
        done("delete cm held --wait=false");
        assertThat(kubectl("delete cm held --timeout=300ms").err()).contains("timed out");
        done("patch cm held --type=merge -p '{\"metadata\":{\"finalizers\":null}}'");
        assertThat(done("wait --for=delete cm/held --timeout=5s")).isEmpty();
        assertThat(kubectl("get cm held").err()).contains("configmaps \"held\" not found");
    }

    @Test
    void deletesANamespaceWithEverythingInIt() {
        done("create namespace going");
        done("apply -n going -f -", widget("inside", "{size: 1}"));
        done("delete namespace going");
        assertThat(kubectl("get widgets -A -o name").out()).doesNotContain("inside");
        assertThat(kubectl("create cm x -n going").err())
                .contains("namespaces \"going\" not found");
    }

    @Test
    void writesNothingInADryRun() {
        assertThat(done("apply --dry-run=server -f -", widget("dry", "{size: 1}")))
                .isEqualTo("widget.test.weir.dev/dry created (server dry run)\n");
        assertThat(kubectl("get widget dry").err()).contains("NotFound");
    }
}
