package io.weir.resource.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectMeta;
import io.weir.resource.ObjectName;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.function.Function;

/** Reads {@code metadata} by the rules of Kubernetes. */
final class MetadataDecoder {

    static final String DEFAULT = "default";

    private static final int MAX_ANNOTATION_CHARS = 256 << 10;

    private final Function<ObjectKey, Instant> createdAt;

    MetadataDecoder(Function<ObjectKey, Instant> createdAt) {
        this.createdAt = createdAt;
    }

    ObjectMeta decode(Kinds.Kind kind, String version, Fields object, Findings findings) {
        Fields meta = object.requiredObject("metadata");
        String name = name(kind, meta);
        String namespace = namespace(kind, meta);
        Map<String, String> annotations =
                meta.textMap("annotations", TextRule.ANNOTATION_KEY, TextRule.ANY);
        checkSize(meta, annotations);
        meta.knows(
                "generateName",
                "resourceVersion",
                "uid",
                "finalizers",
                "ownerReferences",
                "managedFields",
                "selfLink",
                "deletionTimestamp",
                "deletionGracePeriodSeconds");
        return new ObjectMeta(
                kind.group(),
                version,
                namespace,
                name,
                meta.textMap("labels", TextRule.LABEL_KEY, TextRule.LABEL_VALUE),
                annotations,
                generation(meta),
                created(meta, new ObjectKey(kind.group(), kind.name(), namespace, name)),
                findings.lines().origin());
    }

    private static String name(Kinds.Kind kind, Fields meta) {
        boolean label = kind.group().isEmpty() && !kind.name().equals("ConfigMap");
        boolean shortName = label && (kind.name().equals("Service") || !kind.namespaced());
        return meta.text("name", shortName ? TextRule.DNS_LABEL : TextRule.DNS_SUBDOMAIN);
    }

    private static String namespace(Kinds.Kind kind, Fields meta) {
        if (kind.namespaced()) {
            if (meta.value("namespace").asText("-").isEmpty()) {
                return DEFAULT;
            }
            return meta.textOr("namespace", DEFAULT, TextRule.DNS_LABEL);
        }
        meta.noEffect("namespace");
        return "";
    }

    private static long generation(Fields meta) {
        return meta.numberOr("generation", 1, 0, Integer.MAX_VALUE);
    }

    private Instant created(Fields meta, ObjectKey key) {
        Instant written =
                meta.parsed(
                        "creationTimestamp",
                        "a time such as 2026-01-31T12:00:00Z",
                        MetadataDecoder::instant);
        return written == null ? createdAt.apply(key) : written;
    }

    private static @Nullable Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static void checkSize(Fields meta, Map<String, String> annotations) {
        long characters = 0;
        for (Map.Entry<String, String> each : annotations.entrySet()) {
            characters += each.getKey().length() + (long) each.getValue().length();
        }
        if (characters > MAX_ANNOTATION_CHARS) {
            meta.error(
                    "annotations",
                    characters + " characters (expected: at most " + MAX_ANNOTATION_CHARS + ")");
        }
    }

    /** Returns namespace and name as far as they can be read, for messages. */
    static String objectName(JsonNode tree, String defaultNamespace) {
        JsonNode meta = tree.path("metadata");
        String namespace = meta.path("namespace").asText(defaultNamespace);
        String name = meta.path("name").asText();
        return name.isEmpty() ? "" : new ObjectName(namespace, name).toString();
    }
}
