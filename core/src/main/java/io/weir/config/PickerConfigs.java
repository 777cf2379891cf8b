package io.weir.config;

import io.weir.config.GatewayPlan.Refusal;
import io.weir.picker.PickerSettings;
import io.weir.resource.ConfigMap;
import io.weir.resource.Deployment;
import io.weir.resource.InferencePool;
import io.weir.resource.InferencePool.EndpointPickerRef;
import io.weir.resource.ObjectName;
import io.weir.resource.PodSpec.Container;
import io.weir.resource.Service;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds out how the picker of a pool is set up. Where the pool names a picker that is only a
 * Deployment of a known endpoint-picker image, as in published manifests, the built-in picker takes
 * its place with the configuration that the Deployment's arguments name.
 */
final class PickerConfigs {

    private final Facts objects;
    private final PodEndpoints pods;
    private final ProblemLog problems;

    PickerConfigs(Facts objects, PodEndpoints pods, ProblemLog problems) {
        this.objects = objects;
        this.pods = pods;
        this.problems = problems;
    }

    /** Returns the settings of a pool's picker. */
    Found find(InferencePool pool) {
        EndpointPickerRef ref = pool.endpointPicker();
        if (ref == null) {
            return Found.DEFAULT;
        }
        if (!ref.group().isEmpty() || !ref.kind().equals("Service")) {
            return invalid(pool, ref.kind() + " " + ref.name() + " (expected: a Service)");
        }
        ObjectName name = new ObjectName(pool.metadata().namespace(), ref.name());
        Optional<Service> service = objects.find(Service.class, name);
        if (service.isEmpty()) {
            return new Found(
                    PickerSettings.DEFAULT,
                    new Refusal(
                            Conditions.INVALID_EXTENSION_REF,
                            "Service " + name + " does not exist; the built-in picker is used"));
        }
        if (service.get().type().equals("ExternalName")) {
            return invalid(pool, "Service " + name + " of type ExternalName");
        }
        return new Found(settings(pool, service.get()), null);
    }

    private Found invalid(InferencePool pool, String what) {
        String message = what + "; the built-in picker is used";
        problems.warning(pool, "spec.endpointPickerRef", message);
        return new Found(
                PickerSettings.DEFAULT, new Refusal(Conditions.INVALID_EXTENSION_REF, message));
    }

    private PickerSettings settings(InferencePool pool, Service service) {
        String namespace = service.metadata().namespace();
        List<Deployment> backing = pods.deployments(namespace, service.selector()).toList();
        boolean known =
                !backing.isEmpty()
                        && backing.stream().allMatch(d -> pickerContainer(d).isPresent());
        if (!known) {
            problems.warning(
                    pool,
                    "spec.endpointPickerRef",
                    service.key()
                            + ": external pickers are not asked yet; the built-in picker is used");
            return PickerSettings.DEFAULT;
        }
        return backing.stream()
                .flatMap(deployment -> settings(deployment).stream())
                .findFirst()
                .orElse(PickerSettings.DEFAULT);
    }

    private Optional<PickerSettings> settings(Deployment deployment) {
        return pickerContainer(deployment)
                .flatMap(container -> {
                    String text = argument(container, "configtext");
                    String file = argument(container, "configfile");
                    if (text != null) {
                        return Optional.of(new PickerSettings(text, deployment.key().toString()));
                    }
                    return file == null ? Optional.empty() : mounted(deployment, container, file);
                });
    }

    private Optional<PickerSettings> mounted(
            Deployment deployment, Container container, String file) {
        for (Map.Entry<String, String> mount : container.volumeMounts().entrySet()) {
            String directory =
                    mount.getValue().endsWith("/") ? mount.getValue() : mount.getValue() + "/";
            String map = deployment.podSpec().configMapVolumes().get(mount.getKey());
            if (map != null && file.startsWith(directory)) {
                String key = file.substring(directory.length());
                return text(
                        deployment, new ObjectName(deployment.metadata().namespace(), map), key);
            }
        }
        problems.warning(
                deployment,
                "spec.template.spec",
                file + " (expected: a file of a mounted ConfigMap; the default profile is used)");
        return Optional.empty();
    }

    private Optional<PickerSettings> text(Deployment deployment, ObjectName map, String key) {
        Optional<String> text =
                objects.find(ConfigMap.class, map).map(found -> found.data().get(key));
        if (text.isEmpty()) {
            problems.warning(
                    deployment,
                    "spec.template.spec.volumes",
                    "ConfigMap "
                            + map
                            + " has no "
                            + key
                            + " (expected: the picker's configuration; the default profile is"
                            + " used)");
        }
        return text.map(found -> new PickerSettings(found, "ConfigMap " + map + " " + key));
    }

    private static Optional<Container> pickerContainer(Deployment deployment) {
        return deployment.podSpec().containers().stream()
                .filter(container -> isPickerImage(container.image()))
                .findFirst();
    }

    static boolean isPickerImage(String image) {
        String withoutDigest = image.split("@", 2)[0];
        String last = withoutDigest.substring(withoutDigest.lastIndexOf('/') + 1);
        String name = last.split(":", 2)[0];
        return name.equals("epp")
                || name.equals("lwepp")
                || name.equals("llm-d-inference-scheduler")
                || name.startsWith("llm-d-router");
    }

    /** Returns the value of a flag, written as -a b, --a=b, -aB or --a-b. */
    private static @Nullable String argument(Container container, String flag) {
        List<String> words =
                Stream.concat(container.command().stream(), container.args().stream()).toList();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            if (!word.startsWith("-")) {
                continue;
            }
            if (!flagName(equals < 0 ? word : word.substring(0, equals)).equals(flag)) {
                continue;
            }
            if (equals >= 0) {
                return word.substring(equals + 1);
            }
            return i + 1 < words.size() ? words.get(i + 1) : null;
        }
        return null;
    }

    private static String flagName(String word) {
        return word.replace("-", "").toLowerCase(Locale.ROOT);
    }

    /**
     * Settings, and what is wrong with the reference.
     *
     * @param settings settings of the built-in picker
     * @param refusal null when the reference resolves
     */
    record Found(PickerSettings settings, @Nullable Refusal refusal) {
        static final Found DEFAULT = new Found(PickerSettings.DEFAULT, null);
    }
}
