package io.weir.config;

import io.weir.config.GatewayPlan.Refusal;
import io.weir.picker.Endpoint;
import io.weir.picker.PickerSettings;
import io.weir.picker.external.ExternalPicker;
import io.weir.resource.ConfigMap;
import io.weir.resource.Deployment;
import io.weir.resource.InferencePool;
import io.weir.resource.InferencePool.EndpointPickerRef;
import io.weir.resource.InferencePool.FailureMode;
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
 * Finds out which picker a pool has and how it is set up. A picker that runs is asked. Where images
 * don't run, a Deployment of a known endpoint-picker image, as in published manifests, is not one:
 * the built-in picker takes its place with the configuration that the Deployment's arguments name.
 * The annotation {@code weir.dev/picker} of the pool decides otherwise.
 */
final class PickerConfigs {

    private static final String BUILT_IN = "the built-in picker is used, ";

    private final Facts objects;
    private final PodEndpoints pods;
    private final ProblemLog problems;
    private final ExternalPickerCompiler externals;

    PickerConfigs(Facts objects, PodEndpoints pods, ProblemLog problems) {
        this.objects = objects;
        this.pods = pods;
        this.problems = problems;
        this.externals = new ExternalPickerCompiler(objects, pods, problems);
    }

    /** Returns the settings of a pool's picker. */
    Found find(InferencePool pool) {
        EndpointPickerRef ref = pool.endpointPicker();
        if (ref == null) {
            return Found.DEFAULT;
        }
        ObjectName name = new ObjectName(pool.metadata().namespace(), ref.name());
        if (!ref.group().isEmpty() || !ref.kind().equals("Service")) {
            return invalid(pool, ref, ref.kind() + " " + ref.name() + " (expected: a Service)");
        }
        Optional<Service> service = objects.find(Service.class, name);
        if (service.isEmpty()) {
            Found missing = without(pool, ref, "Service " + name + " does not exist");
            return missing.refused(missing.note());
        }
        if (service.get().type().equals("ExternalName")) {
            return invalid(pool, ref, "Service " + name + " of type ExternalName");
        }
        return find(pool, ref, service.get());
    }

    private Found find(InferencePool pool, EndpointPickerRef ref, Service service) {
        List<Deployment> backing =
                pods.deployments(service.metadata().namespace(), service.selector()).toList();
        boolean known =
                !backing.isEmpty()
                        && backing.stream().allMatch(d -> pickerContainer(d).isPresent());
        return switch (externals.use(pool)) {
            case EXTERNAL -> externals.compile(pool, ref, service);
            case BUILT_IN -> builtIn(backing, known, BUILT_IN + "as it was chosen");
            case AUTO -> {
                if (externals.isSetUp(service, backing, known)) {
                    yield externals.compile(pool, ref, service);
                }
                if (known) {
                    String why =
                            externals.rule().imagesRun()
                                    ? ", which has no replica"
                                    : ", whose image does not run here";
                    yield builtIn(backing, true, BUILT_IN + "in place of " + service.key() + why);
                }
                Found nobody = without(pool, ref, service.key() + " has no endpoint");
                problems.warning(pool, "spec.endpointPickerRef", nobody.note());
                yield nobody;
            }
        };
    }

    private Found builtIn(List<Deployment> backing, boolean known, String note) {
        return new Found(known ? settings(backing) : PickerSettings.DEFAULT, null, null, note);
    }

    private Found invalid(InferencePool pool, EndpointPickerRef ref, String what) {
        Found found = without(pool, ref, what);
        problems.warning(pool, "spec.endpointPickerRef", found.note());
        return found.refused(found.note());
    }

    /** A pool whose picker isn't there: in a cluster, one that is to fail closed does so. */
    private Found without(InferencePool pool, EndpointPickerRef ref, String why) {
        PickerUse use = externals.use(pool);
        boolean closed =
                ref.failureMode() == FailureMode.FAIL_CLOSE
                        && (use == PickerUse.EXTERNAL
                                || (use == PickerUse.AUTO && externals.rule().imagesRun()));
        return closed
                ? new Found(
                        PickerSettings.DEFAULT,
                        null,
                        externals.nobody(pool, ref),
                        why + "; requests are refused")
                : new Found(
                        PickerSettings.DEFAULT, null, null, why + "; the built-in picker is used");
    }

    private PickerSettings settings(List<Deployment> backing) {
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
     * What was found.
     *
     * @param settings settings of the built-in picker
     * @param refusal null when the reference resolves
     * @param asked the picker that is asked instead of the built-in one; null for none
     * @param note which picker is used, for people; empty when the pool names none
     */
    record Found(
            PickerSettings settings,
            @Nullable Refusal refusal,
            ExternalPickerCompiler.@Nullable Draft asked,
            String note) {
        static final Found DEFAULT = new Found(PickerSettings.DEFAULT, null);

        Found(PickerSettings settings, @Nullable Refusal refusal) {
            this(settings, refusal, null, "");
        }

        /** Returns this for a reference that does not resolve. */
        Found refused(String message) {
            return new Found(
                    settings, new Refusal(Conditions.INVALID_EXTENSION_REF, message), asked, note);
        }

        /** Returns the picker to ask for a pool with these endpoints, or null. */
        @Nullable ExternalPicker external(InferencePool pool, List<Endpoint> ready) {
            return asked == null ? null : asked.of(pool, ready);
        }
    }
}
