package io.weir.config;

import io.weir.config.PickerConfigs.Found;
import io.weir.picker.Endpoint;
import io.weir.picker.PickerSettings;
import io.weir.picker.external.ExternalPicker;
import io.weir.picker.external.ExternalPicker.Responses;
import io.weir.picker.external.ExternalPicker.Security;
import io.weir.resource.BackendTlsPolicy;
import io.weir.resource.ConfigMap;
import io.weir.resource.Deployment;
import io.weir.resource.EndpointSlice;
import io.weir.resource.InferencePool;
import io.weir.resource.InferencePool.EndpointPickerRef;
import io.weir.resource.InferencePool.FailureMode;
import io.weir.resource.ObjectName;
import io.weir.resource.Resource;
import io.weir.resource.Service;
import io.weir.resource.manifest.Durations;
import io.weir.split.WeightedChoice;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds out how an external picker is asked: where from its Service, whom to trust from a
 * BackendTLSPolicy for it, the rest from annotations of the pool, which go before the policy.
 *
 * <ul>
 *   <li>{@code weir.dev/picker}: {@code builtin}, {@code external} or {@code auto};
 *   <li>{@code weir.dev/picker-tls}: {@code off}, {@code unverified} or {@code verified};
 *   <li>{@code weir.dev/picker-ca}: a ConfigMap whose {@code ca.crt} is trusted;
 *   <li>{@code weir.dev/picker-hostname}: the name in the picker's certificate;
 *   <li>{@code weir.dev/picker-timeout}: the longest wait for a reply;
 *   <li>{@code weir.dev/picker-responses}: {@code full}, {@code headers} or {@code none}.
 * </ul>
 */
final class ExternalPickerCompiler {

    private static final String PREFIX = "weir.dev/picker";
    private static final String TLS = PREFIX + "-tls";
    private static final String CA = PREFIX + "-ca";
    private static final String HOSTNAME = PREFIX + "-hostname";
    private static final String TIMEOUT = PREFIX + "-timeout";
    private static final String RESPONSES = PREFIX + "-responses";
    private static final String CA_KEY = "ca.crt";
    private static final int DEFAULT_PORT = 9002;

    private final Facts facts;
    private final PodEndpoints pods;
    private final ProblemLog problems;

    ExternalPickerCompiler(Facts facts, PodEndpoints pods, ProblemLog problems) {
        this.facts = facts;
        this.pods = pods;
        this.problems = problems;
    }

    /** Returns which picker a pool wants. */
    PickerUse use(InferencePool pool) {
        PickerUse otherwise = rule().use();
        String word = annotation(pool, PREFIX);
        if (word == null) {
            return otherwise;
        }
        Optional<PickerUse> use = PickerUse.of(word);
        if (use.isEmpty()) {
            warn(pool, PREFIX, word, PickerUse.EXPECTATION);
        }
        return use.orElse(otherwise);
    }

    /** Returns the rule where a pool does not say. */
    PickerRule rule() {
        return Objects.requireNonNullElse(facts.ask(new Question.Pickers()), PickerRule.LOCAL);
    }

    /**
     * Returns whether a picker is set up behind a Service, be it ready or not. Where images run,
     * that takes a Deployment that wants a replica, or a Pod or endpoint without one. Where they
     * don't, Deployments count for nothing, nor do Pods of known images, which are there for show,
     * nor Pods without an address.
     *
     * @param backing Deployments behind the Service
     * @param known whether all of them are of known images
     */
    boolean isSetUp(Service service, List<Deployment> backing, boolean known) {
        boolean imagesRun = rule().imagesRun();
        if (imagesRun && !backing.isEmpty()) {
            return backing.stream().anyMatch(deployment -> deployment.replicas() > 0);
        }
        if (known) {
            return false;
        }
        String namespace = service.metadata().namespace();
        Map<String, String> name =
                Map.of(EndpointSlice.SERVICE_NAME_LABEL, service.metadata().name());
        return Stream.concat(
                                pods.ready(namespace, service.selector()),
                                pods.unready(namespace, service.selector()))
                        .anyMatch(pod -> imagesRun || pod.address() != null)
                || pods.slices(namespace, name).anyMatch(slice -> !slice.endpoints().isEmpty());
    }

    /** Returns the picker of a pool that is asked. */
    Found compile(InferencePool pool, EndpointPickerRef ref, Service service) {
        int number = Objects.requireNonNullElse(ref.port(), DEFAULT_PORT);
        Optional<Service.Port> port =
                service.ports().stream().filter(p -> p.port() == number).findFirst();
        Draft draft =
                new Draft(
                        service.metadata().objectName(),
                        number,
                        port.map(p -> new ServiceEndpoints(pods).find(service, p))
                                .orElse(List.of()),
                        security(pool, service, port),
                        timeout(pool),
                        responses(pool));
        if (port.isPresent()) {
            String note = "the picker at " + service.key() + " port " + number + " is asked";
            return new Found(PickerSettings.DEFAULT, null, draft, note);
        }
        String message = service.key() + " has no port " + number + "; the picker can't be asked";
        problems.warning(pool, "spec.endpointPickerRef.port", message);
        return new Found(PickerSettings.DEFAULT, null, draft, "").refused(message);
    }

    /** Returns a picker that can't be reached. */
    Draft nobody(InferencePool pool, EndpointPickerRef ref) {
        return new Draft(
                new ObjectName(pool.metadata().namespace(), ref.name()),
                Objects.requireNonNullElse(ref.port(), DEFAULT_PORT),
                List.of(),
                Security.Unverified.UNVERIFIED,
                ExternalPicker.DEFAULT_TIMEOUT,
                Responses.NONE);
    }

    private Security security(InferencePool pool, Service service, Optional<Service.Port> port) {
        String word = annotation(pool, TLS);
        String ca = annotation(pool, CA);
        BackendTlsPolicy policy =
                facts.ask(
                        new Question.TlsOf(
                                service.metadata().objectName(),
                                port.map(Service.Port::name).orElse("")));
        if (word == null && ca == null && policy != null) {
            return new Security.Verified(certificates(policy), policy.hostname());
        }
        if (word == null) {
            word = ca != null ? "verified" : isClearText(port) ? "off" : "unverified";
        }
        return switch (word) {
            case "off" -> Security.ClearText.CLEAR_TEXT;
            case "unverified" -> Security.Unverified.UNVERIFIED;
            case "verified" -> verified(pool, service, ca);
            default -> {
                warn(pool, TLS, word, "off, unverified or verified; taken for verified");
                yield verified(pool, service, ca);
            }
        };
    }

    private static boolean isClearText(Optional<Service.Port> port) {
        return port.filter(p -> "kubernetes.io/h2c".equals(p.appProtocol())).isPresent();
    }

    private Security verified(InferencePool pool, Service service, @Nullable String ca) {
        String name = service.metadata().name() + "." + service.metadata().namespace() + ".svc";
        String hostname = Objects.requireNonNullElse(annotation(pool, HOSTNAME), name);
        return new Security.Verified(ca == null ? null : certificates(pool, ca), hostname);
    }

    /** Certificates that can't be found are none at all, not those of the system. */
    private String certificates(InferencePool pool, String name) {
        Optional<String> pem = certificate(pool, name);
        if (pem.isEmpty()) {
            warn(pool, CA, name, "a ConfigMap of the namespace with " + CA_KEY);
        }
        return pem.orElse("");
    }

    private @Nullable String certificates(BackendTlsPolicy policy) {
        if (policy.systemCertificates()) {
            return null;
        }
        List<String> found = new ArrayList<>();
        for (String name : policy.caConfigMaps()) {
            Optional<String> pem = certificate(policy, name);
            if (pem.isEmpty()) {
                problems.warning(
                        policy,
                        "spec.validation.caCertificateRefs",
                        name + " (expected: a ConfigMap of the namespace with " + CA_KEY + ")");
            }
            pem.ifPresent(found::add);
        }
        return String.join("\n", found);
    }

    private Optional<String> certificate(Resource namedBy, String configMap) {
        return facts.find(
                        ConfigMap.class, new ObjectName(namedBy.metadata().namespace(), configMap))
                .map(found -> found.data().get(CA_KEY));
    }

    private Duration timeout(InferencePool pool) {
        String text = annotation(pool, TIMEOUT);
        Duration timeout = text == null ? null : Durations.parse(text);
        if (text != null && (timeout == null || timeout.isZero())) {
            warn(pool, TIMEOUT, text, Durations.EXPECTATION);
            timeout = null;
        }
        return Objects.requireNonNullElse(timeout, ExternalPicker.DEFAULT_TIMEOUT);
    }

    private Responses responses(InferencePool pool) {
        String word = annotation(pool, RESPONSES);
        if (word == null) {
            return Responses.FULL;
        }
        Optional<Responses> known =
                Stream.of(Responses.values())
                        .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(word))
                        .findFirst();
        if (known.isEmpty()) {
            warn(pool, RESPONSES, word, "full, headers or none");
        }
        return known.orElse(Responses.FULL);
    }

    private static @Nullable String annotation(InferencePool pool, String name) {
        return pool.metadata().annotations().get(name);
    }

    private void warn(InferencePool pool, String annotation, String value, String expected) {
        problems.warning(
                pool,
                "metadata.annotations[" + annotation + "]",
                value + " (expected: " + expected + ")");
    }

    /**
     * An external picker without the pool's endpoints.
     *
     * @param service the picker's Service
     * @param port port of the Service
     * @param endpoints the Service's ready endpoints
     * @param security how it is spoken to
     * @param timeout longest wait for a reply
     * @param responses what it is told of responses
     */
    record Draft(
            ObjectName service,
            int port,
            List<Endpoint> endpoints,
            Security security,
            Duration timeout,
            Responses responses) {

        ExternalPicker of(InferencePool pool, List<Endpoint> ready) {
            EndpointPickerRef ref = pool.endpointPicker();
            return new ExternalPicker(
                    service,
                    port,
                    endpoints,
                    security,
                    timeout,
                    responses,
                    ref != null && ref.failureMode() == FailureMode.FAIL_OPEN,
                    WeightedChoice.equal(ready));
        }
    }
}
