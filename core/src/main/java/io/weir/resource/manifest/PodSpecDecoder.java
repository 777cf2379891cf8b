package io.weir.resource.manifest;

import io.weir.resource.PodSpec;
import io.weir.resource.PodSpec.Container;
import io.weir.resource.PodSpec.ContainerPort;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what runs in a Pod; fields of the real schema that don't matter here pass unread. */
final class PodSpecDecoder {

    private static final List<String> POD_UNREAD =
            List.of(
                    "activeDeadlineSeconds",
                    "affinity",
                    "automountServiceAccountToken",
                    "dnsConfig",
                    "dnsPolicy",
                    "enableServiceLinks",
                    "ephemeralContainers",
                    "hostAliases",
                    "hostIPC",
                    "hostNetwork",
                    "hostPID",
                    "hostUsers",
                    "hostname",
                    "hostnameOverride",
                    "imagePullSecrets",
                    "initContainers",
                    "nodeName",
                    "nodeSelector",
                    "os",
                    "overhead",
                    "preemptionPolicy",
                    "priority",
                    "priorityClassName",
                    "readinessGates",
                    "resourceClaims",
                    "resources",
                    "restartPolicy",
                    "runtimeClassName",
                    "schedulerName",
                    "schedulingGates",
                    "securityContext",
                    "serviceAccount",
                    "serviceAccountName",
                    "setHostnameAsFQDN",
                    "shareProcessNamespace",
                    "subdomain",
                    "terminationGracePeriodSeconds",
                    "tolerations",
                    "topologySpreadConstraints",
                    "workloadRef");

    private static final List<String> CONTAINER_UNREAD =
            List.of(
                    "envFrom",
                    "imagePullPolicy",
                    "lifecycle",
                    "livenessProbe",
                    "readinessProbe",
                    "resizePolicy",
                    "resources",
                    "restartPolicy",
                    "restartPolicyRules",
                    "securityContext",
                    "startupProbe",
                    "stdin",
                    "stdinOnce",
                    "terminationMessagePath",
                    "terminationMessagePolicy",
                    "tty",
                    "volumeDevices",
                    "workingDir");

    private PodSpecDecoder() {}

    static PodSpec decode(Fields spec, int minContainers) {
        spec.knows(POD_UNREAD);
        List<Fields> written = spec.list("containers", minContainers, Integer.MAX_VALUE);
        List<Container> containers = new ArrayList<>();
        for (Fields container : written) {
            containers.add(container(container));
        }
        Unique.check(written, "name", containers, Container::name, "each name once");
        return new PodSpec(containers, configMapVolumes(spec));
    }

    private static Container container(Fields container) {
        container.knows(CONTAINER_UNREAD);
        return new Container(
                container.text("name", TextRule.DNS_LABEL),
                container.text("image", TextRule.NOT_EMPTY),
                container.texts("command", 0, Integer.MAX_VALUE, TextRule.ANY),
                container.texts("args", 0, Integer.MAX_VALUE, TextRule.ANY),
                environment(container),
                container.list("ports", 0, Integer.MAX_VALUE).stream()
                        .map(PodSpecDecoder::port)
                        .toList(),
                mounts(container));
    }

    private static Map<String, String> environment(Fields container) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Fields variable : container.list("env", 0, Integer.MAX_VALUE)) {
            String name = variable.text("name", TextRule.NOT_EMPTY);
            String value = variable.textOr("value", "", TextRule.ANY);
            if (!variable.has("valueFrom")) {
                values.put(name, value);
            }
        }
        return values;
    }

    private static ContainerPort port(Fields port) {
        port.knows("hostIP", "hostPort");
        port.choice("protocol", "TCP", "TCP", "UDP", "SCTP");

        return new ContainerPort(
                port.textOr("name", "", TextRule.PORT_NAME),
                port.number("containerPort", 1, References.MAX_PORT));
    }

    private static Map<String, String> mounts(Fields container) {
        Map<String, String> mounts = new LinkedHashMap<>();
        for (Fields mount : container.list("volumeMounts", 0, Integer.MAX_VALUE)) {
            mount.knows(
                    "mountPropagation", "readOnly", "recursiveReadOnly", "subPath", "subPathExpr");
            String path = mount.text("mountPath", TextRule.NOT_EMPTY);
            mounts.putIfAbsent(mount.text("name", TextRule.DNS_LABEL), path);
        }
        return mounts;
    }

    private static Map<String, String> configMapVolumes(Fields spec) {
        Map<String, String> volumes = new LinkedHashMap<>();
        for (Fields volume : spec.list("volumes", 0, Integer.MAX_VALUE)) {
            volume.knows(volume.names());
            String name = volume.text("name", TextRule.DNS_LABEL);
            addConfigMap(volumes, name, volume.object("configMap"));
            for (Fields part : volume.object("projected").list("sources", 0, Integer.MAX_VALUE)) {
                part.knows(part.names());
                addConfigMap(volumes, name, part.object("configMap"));
            }
        }
        return volumes;
    }

    private static void addConfigMap(Map<String, String> volumes, String name, Fields configMap) {
        configMap.knows("items", "defaultMode", "optional");
        if (configMap.exists()) {
            volumes.putIfAbsent(name, configMap.text("name", TextRule.OBJECT_NAME));
        }
    }
}
