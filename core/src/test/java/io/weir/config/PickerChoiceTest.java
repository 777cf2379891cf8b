package io.weir.config;

import static io.weir.config.Fixture.GATEWAY;
import static io.weir.config.Fixture.problems;
import static io.weir.config.Fixture.route;
import static io.weir.config.Fixture.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.picker.external.ExternalPicker;
import io.weir.picker.external.ExternalPicker.Responses;
import io.weir.picker.external.ExternalPicker.Security;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Which picker a pool has, and how one that runs elsewhere is asked. */
class PickerChoiceTest {

    private static final String SLICE =
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: epp-1, labels: {kubernetes.io/service-name: epp}}
            addressType: IPv4
            endpoints: [{addresses: [10.0.0.9], conditions: {ready: READY}}]
            ports: [{name: NAME, port: 9003}]
            """;

    private static String pool(String annotations) {
        return """
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: p, annotations: {%s}}
        spec:
          selector: {matchLabels: {app: p}}
          targetPorts: [{number: 8000}]
          endpointPickerRef: {name: epp, port: {number: 9002}}
        """
                .formatted(annotations);
    }

    private static String service(String port) {
        return """
        apiVersion: v1
        kind: Service
        metadata: {name: epp}
        spec: {selector: {app: epp}, ports: [{port: 9002%s}]}
        """
                .formatted(port);
    }

    private static String slice(String port, boolean ready) {
        return SLICE.replace("READY", "" + ready).replace("NAME", "\"" + port + "\"");
    }

    private static String deployment(String image, int replicas) {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: epp}
        spec:
          replicas: %d
          selector: {matchLabels: {app: epp}}
          template:
            metadata: {labels: {app: epp}}
            spec: {containers: [{name: c, image: %s}]}
        """
                .formatted(replicas, image);
    }

    private static Compilation compile(PickerUse use, boolean imagesRun, String... documents) {
        var options = Fixture.options().withPickers(new PickerRule(use, imagesRun));
        return Fixture.compile(options, documents);
    }

    private static @Nullable ExternalPicker external(Compilation compiled) {
        return compiled.snapshot().pools().values().iterator().next().external();
    }

    private static ExternalPicker asked(Compilation compiled) {
        return Objects.requireNonNull(external(compiled));
    }

    @ParameterizedTest
    @CsvSource({
        "nothing,       false,false",
        "nothing,       true, true",
        "slice,         false,true",
        "slice,         true, true",
        "unready-slice, false,true",
        "unready-slice, true, true",
        "own-image,     false,false",
        "own-image,     true, true",
        "known-image,   false,false",
        "known-image,   true, true",
        "scaled-to-0,   true, false",
        "known-and-slice,false,false",
        "known-and-slice,true,true",
        "pending-pod,   false,false",
        "pending-pod,   true, true",
        "unready-pod,   false,true",
    })
    void whereNothingIsSaidAPickerIsAskedThatIsSetUp(
            String behind, boolean imagesRun, boolean asked) {
        String[] more =
                switch (behind) {
                    case "slice" -> new String[] {slice("", true)};
                    case "unready-slice" -> new String[] {slice("", false)};
                    case "own-image" -> new String[] {deployment("example.com/mine:v1", 1)};
                    case "known-image" -> new String[] {deployment("x/epp:v1", 1)};
                    case "scaled-to-0" -> new String[] {deployment("x/epp:v1", 0)};
                    case "known-and-slice" ->
                            new String[] {deployment("x/epp:v1", 1), slice("", true)};
                    case "pending-pod" -> new String[] {pickerPod("{}")};
                    case "unready-pod" ->
                            new String[] {
                                pickerPod(
                                        "{podIP: 10.0.0.9, conditions: [{type: Ready, status:"
                                                + " \"False\"}]}")
                            };
                    default -> new String[0];
                };
        String[] documents = new String[more.length + 2];
        documents[0] = pool("");
        documents[1] = service("");
        System.arraycopy(more, 0, documents, 2, more.length);
        Compilation compiled = compile(PickerUse.AUTO, imagesRun, documents);
        assertThat(external(compiled) != null).isEqualTo(asked);
        boolean told = behind.equals("nothing") || (!asked && !behind.matches("known.*|scaled.*"));
        assertThat(problems(compiled)).hasSize(told ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO,     false,FailClose,false",
        "AUTO,     true, FailClose,true",
        "AUTO,     true, FailOpen, false",
        "EXTERNAL, false,FailClose,true",
        "BUILT_IN, true, FailClose,false",
    })
    void aPickerThatIsMissingClosesAPoolOfAClusterThatIsToFailClosed(
            PickerUse use, boolean imagesRun, String failureMode, boolean closed) {
        String pool = pool("").replace("9002}}", "9002}, failureMode: " + failureMode + "}");
        Compilation missing = compile(use, imagesRun, GATEWAY, route("r", "p"), pool);
        Compilation otherKind =
                compile(use, imagesRun, pool.replace("{name: epp", "{kind: Pod, name: epp"));
        Compilation elsewhere =
                compile(
                        use,
                        imagesRun,
                        pool,
                        service("")
                                .replace(
                                        "spec: {",
                                        "spec: {type: ExternalName, externalName: e.com, "));
        for (Compilation compiled : List.of(missing, otherKind, elsewhere)) {
            assertThat(external(compiled) != null).isEqualTo(closed);
        }
        assertThat(resolution(missing))
                .isEqualTo(
                        "FALSE InvalidExtensionRef Service default/epp does not exist; "
                                + (closed
                                        ? "requests are refused"
                                        : "the built-in picker is used"));
    }

    private static String pickerPod(String status) {
        return """
        apiVersion: v1
        kind: Pod
        metadata: {name: epp-0, labels: {app: epp}}
        spec: {containers: [{name: c, image: mine}]}
        status: %s
        """
                .formatted(status);
    }

    @ParameterizedTest
    @CsvSource({
        "BUILT_IN,'',false",
        "BUILT_IN,external,true",
        "EXTERNAL,built-in,false",
        "AUTO,builtin,false",
        "AUTO,Auto,true",
        "AUTO,mine,true",
        "BUILT_IN,mine,false",
    })
    void theAnnotationGoesBeforeTheRule(PickerUse use, String annotation, boolean asked) {
        String note = annotation.isEmpty() ? "" : "weir.dev/picker: " + annotation;
        Compilation compiled = compile(use, false, pool(note), service(""), slice("", true));
        assertThat(external(compiled) != null).isEqualTo(asked);
        assertThat(problems(compiled)).hasSize(annotation.equals("mine") ? 1 : 0);
    }

    @Test
    void aChosenPickerIsAskedWhetherItRunsOrNotAndFailsAsThePoolSays() {
        ExternalPicker picker = asked(compile(PickerUse.EXTERNAL, false, pool(""), service("")));
        assertThat(picker.endpoints()).isEmpty();
        assertThat(picker.failOpen()).isFalse();
    }

    @Test
    void theStatusTellsWhichPickerIsUsed() {
        assertThat(note(slice("", true)))
                .isEqualTo(
                        "TRUE ResolvedRefs the picker at Service default/epp port 9002 is asked");
        assertThat(note(deployment("x/epp:v1", 1)))
                .isEqualTo(
                        "TRUE ResolvedRefs the built-in picker is used, in place of Service"
                                + " default/epp, whose image does not run here");
    }

    private static String note(String behind) {
        Compilation compiled =
                compile(
                        PickerUse.AUTO,
                        false,
                        GATEWAY,
                        route("r", "p"),
                        pool(""),
                        service(""),
                        behind);
        return resolution(compiled);
    }

    private static String resolution(Compilation compiled) {
        return status(compiled, "InferencePool", "p").parents().getFirst().conditions().stream()
                .filter(condition -> condition.type().equals("ResolvedRefs"))
                .map(found -> found.value() + " " + found.reason() + " " + found.message())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPortThatIsNotThereIsToldAndTheFailureModeApplies() {
        Compilation compiled =
                compile(
                        PickerUse.AUTO,
                        false,
                        pool(""),
                        service("").replace("9002", "9000"),
                        slice("", true));
        assertThat(asked(compiled).endpoints()).isEmpty();
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("Service default/epp has no port 9002");
    }

    @Test
    void defaultsAreThoseOfTheReference() {
        Compilation compiled =
                compile(
                        PickerUse.AUTO,
                        false,
                        pool(""),
                        service(", name: grpc"),
                        slice("grpc", true),
                        slice("grpc", false).replace("epp-1", "epp-2"));
        ExternalPicker picker = asked(compiled);
        assertThat(picker.endpoints())
                .extracting(Endpoint::authority)
                .containsExactly("10.0.0.9:9003");
        assertThat(picker.security()).isEqualTo(Security.Unverified.UNVERIFIED);
        assertThat(picker.timeout()).isEqualTo(Duration.ofSeconds(1000));
        assertThat(picker.responses()).isEqualTo(Responses.FULL);
    }

    @Test
    void annotationsSayHowItIsAsked() {
        String notes =
                "weir.dev/picker-tls: verified, weir.dev/picker-hostname: epp.example.com,"
                        + " weir.dev/picker-timeout: 2s, weir.dev/picker-responses: headers";
        ExternalPicker picker =
                asked(compile(PickerUse.AUTO, false, pool(notes), service(""), slice("", true)));
        assertThat(picker.security()).isEqualTo(new Security.Verified(null, "epp.example.com"));
        assertThat(picker.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(picker.responses()).isEqualTo(Responses.HEADERS);
    }

    @Test
    void anApplicationProtocolOfClearTextIsBelieved() {
        Compilation compiled =
                compile(
                        PickerUse.AUTO,
                        false,
                        pool(""),
                        service(", appProtocol: kubernetes.io/h2c"),
                        slice("", true));
        assertThat(asked(compiled).security()).isEqualTo(Security.ClearText.CLEAR_TEXT);
    }

    @ParameterizedTest
    @CsvSource({
        "'',            ca,     PEM",
        "', sectionName: grpc', ca, PEM",
        "', sectionName: other',ca, ",
        "'',            absent, ''",
    })
    void aPolicyForTheServiceSaysWhomToTrust(
            String section, String configMap, @Nullable String trusted) {
        Compilation compiled =
                compile(
                        PickerUse.AUTO,
                        false,
                        pool(""),
                        service(", name: grpc"),
                        slice("grpc", true),
                        policy("epp", section, configMap),
                        authority());
        Security expected =
                trusted == null
                        ? Security.Unverified.UNVERIFIED
                        : new Security.Verified(trusted, "epp.example.com");
        assertThat(asked(compiled).security()).isEqualTo(expected);
        boolean faulty = section.contains("other") || configMap.equals("absent");
        assertThat(problems(compiled)).hasSize(faulty ? 1 : 0);
        assertThat(status(compiled, "BackendTLSPolicy", "tls").parents()).hasSize(1);
    }

    @Test
    void annotationsGoBeforeAPolicyAndTheSystemMayBeTrusted() {
        String system =
                policy("epp", "", "ca")
                        .replaceAll("caCertificateRefs: .*\\]", "wellKnownCACertificates: System");
        Compilation trusting =
                compile(PickerUse.AUTO, false, pool(""), service(""), slice("", true), system);
        assertThat(asked(trusting).security())
                .isEqualTo(new Security.Verified(null, "epp.example.com"));
        Compilation plain =
                compile(
                        PickerUse.AUTO,
                        false,
                        pool("weir.dev/picker-tls: \"off\""),
                        service(""),
                        slice("", true),
                        system);
        assertThat(asked(plain).security()).isEqualTo(Security.ClearText.CLEAR_TEXT);
    }

    @Test
    void aPolicyForAServiceThatIsNoPickerIsRemarked() {
        Compilation compiled =
                compile(
                        PickerUse.AUTO,
                        false,
                        service("").replace("name: epp", "name: web"),
                        policy("web", "", "ca"),
                        authority());
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("Service default/web gets clear text");
    }

    private static String policy(String service, String section, String configMap) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: BackendTLSPolicy
        metadata: {name: tls}
        spec:
          targetRefs: [{group: "", kind: Service, name: %s%s}]
          validation:
            hostname: epp.example.com
            caCertificateRefs: [{group: "", kind: ConfigMap, name: %s}]
        """
                .formatted(service, section, configMap);
    }

    private static String authority() {
        return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: ca}
        data: {ca.crt: PEM}
        """;
    }
}
