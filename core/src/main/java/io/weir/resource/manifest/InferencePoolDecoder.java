package io.weir.resource.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import io.weir.resource.InferencePool;
import io.weir.resource.InferencePool.AppProtocol;
import io.weir.resource.InferencePool.EndpointPickerRef;
import io.weir.resource.InferencePool.FailureMode;
import io.weir.resource.ObjectMeta;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads InferencePools of both groups. */
final class InferencePoolDecoder {

    private static final int DEFAULT_PICKER_PORT = 9002;
    private static final int MAX_PORTS = 8;
    private static final int MAX_LABELS = 64;

    private InferencePoolDecoder() {}

    static InferencePool decode(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        Fields selector = spec.requiredObject("selector");
        Map<String, String> labels = Selectors.labels(selector, "matchLabels");
        if (selector.exists() && labels.isEmpty()) {
            selector.missing("matchLabels", "1.." + MAX_LABELS + " labels under matchLabels");
        } else if (labels.size() > MAX_LABELS) {
            selector.error(
                    "matchLabels", labels.size() + " labels (expected: 1.." + MAX_LABELS + ")");
        }
        checkValues(selector, "matchLabels");
        String protocol = spec.choice("appProtocol", "http", "http", "kubernetes.io/h2c");
        return new InferencePool(
                metadata,
                labels,
                ports(spec),
                protocol.equals("http") ? AppProtocol.HTTP : AppProtocol.H2C,
                picker(spec));
    }

    private static List<Integer> ports(Fields spec) {
        List<Fields> written = spec.list("targetPorts", 1, MAX_PORTS);
        List<Integer> ports = new ArrayList<>();
        for (Fields port : written) {
            ports.add(port.number("number", 1, References.MAX_PORT));
        }
        Unique.check(written, "number", ports, port -> port, "each port once");
        return ports;
    }

    private static @Nullable EndpointPickerRef picker(Fields spec) {
        Fields ref = spec.object("endpointPickerRef");
        if (!ref.exists()) {
            return null;
        }
        String kind = ref.textOr("kind", "Service", TextRule.KIND);
        JsonNode written = ref.value("port");
        if (written.isNumber()) {
            ref.knows(ref.names());
            ref.error(
                    "port",
                    written + " (expected: a map; write \"port: {number: " + written + "}\")");
            return null;
        }
        Fields port = ref.object("port");
        if (kind.equals("Service") && !ref.has("port")) {
            ref.missing("port", "port.number, a Service needs it");
        }
        Integer number =
                port.exists() ? (Integer) port.number("number", 1, References.MAX_PORT) : null;
        return pickerRef(ref, kind, number);
    }

    static InferencePool decodeAlpha(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        if (!spec.has("selector")) {
            spec.missing("selector", "labels of the pool's Pods");
        }
        Map<String, String> selector = alphaSelector(spec);
        int port = spec.number("targetPortNumber", 1, References.MAX_PORT);
        Fields ref = spec.requiredObject("extensionRef");
        String kind = ref.textOr("kind", "Service", TextRule.KIND);
        Integer pickerPort = ref.optionalNumber("portNumber", 1, References.MAX_PORT);
        if (pickerPort == null && kind.equals("Service")) {
            pickerPort = DEFAULT_PICKER_PORT;
        }
        return new InferencePool(
                metadata,
                selector,
                List.of(port),
                AppProtocol.HTTP,
                pickerRef(ref, kind, pickerPort));
    }

    /** The selector of this version is a flat map; whoever wraps it as in v1 is told so. */
    private static Map<String, String> alphaSelector(Fields spec) {
        if (spec.value("selector").path("matchLabels").isObject()) {
            spec.error(
                    "selector",
                    "matchLabels (expected: the labels directly under selector in v1alpha2)");
            return Map.of();
        }
        checkValues(spec, "selector");
        return Selectors.labels(spec, "selector");
    }

    /** An API server drops labels without a value, and the pool would select other Pods. */
    private static void checkValues(Fields owner, String name) {
        for (Map.Entry<String, JsonNode> label : owner.value(name).properties()) {
            if (label.getValue().isNull()) {
                String expected = "a value; \"\" for an empty one";
                owner.error(name, label.getKey() + " without a value" + Fields.expected(expected));
            }
        }
    }

    private static EndpointPickerRef pickerRef(Fields ref, String kind, @Nullable Integer port) {
        String failureMode = ref.choice("failureMode", "FailClose", "FailOpen", "FailClose");
        return new EndpointPickerRef(
                ref.textOr("group", "", TextRule.GROUP),
                kind,
                ref.text("name", TextRule.OBJECT_NAME),
                port,
                failureMode.equals("FailOpen") ? FailureMode.FAIL_OPEN : FailureMode.FAIL_CLOSE);
    }
}
