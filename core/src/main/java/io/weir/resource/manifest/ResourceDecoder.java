package io.weir.resource.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectMeta;
import io.weir.resource.Resource;
import io.weir.resource.manifest.DecodeResult.Decoded;
import io.weir.resource.manifest.DecodeResult.Refused;
import io.weir.resource.manifest.DecodeResult.Unknown;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.function.Function;

/** Turns the tree of one object into a record, with defaults applied and every rule checked. */
public final class ResourceDecoder {

    private final MetadataDecoder metadata;

    /**
     * Makes a decoder.
     *
     * @param createdAt the creation time of an object whose manifest has none
     */
    public ResourceDecoder(Instant createdAt) {
        this(key -> createdAt);
    }

    /**
     * Makes a decoder.
     *
     * @param createdAt the creation time of an object whose manifest has none, by its key
     */
    public ResourceDecoder(Function<ObjectKey, Instant> createdAt) {
        this.metadata = new MetadataDecoder(createdAt);
    }

    /** Decodes one object. */
    public DecodeResult decode(Manifest manifest) {
        return decode(manifest.tree(), manifest.lines());
    }

    /**
     * Decodes one object.
     *
     * @param tree the object
     * @param lines the lines of its fields; {@link LineIndex#none} when it has none
     */
    public DecodeResult decode(JsonNode tree, LineIndex lines) {
        Findings findings = new Findings(lines);
        Fields object = Fields.root(findings, tree);
        findings.identify(describe(tree, ""));
        String apiVersion = object.text("apiVersion", TextRule.API_VERSION);
        String kindName = object.text("kind", TextRule.KIND_NAME);
        if (findings.failed()) {
            object.knows(object.names());
            return refuse(findings, null);
        }
        String group = group(apiVersion);
        Kinds.Kind kind = Kinds.find(group, kindName);
        if (kind == null) {
            return unknown(tree, findings, object, apiVersion, kindName);
        }
        findings.identify(describe(tree, kind.namespaced() ? MetadataDecoder.DEFAULT : ""));
        String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
        if (!kind.versions().contains(version)) {
            object.error(
                    "apiVersion", Values.quote(apiVersion) + Fields.expected(kind.apiVersions()));
        }
        return decode(kind, version, object, findings);
    }

    private DecodeResult decode(Kinds.Kind kind, String version, Fields object, Findings findings) {
        ObjectMeta meta = metadata.decode(kind, version, object, findings);
        object.knows("status");
        Resource resource = kind.decoder().decode(meta, object);
        return findings.failed()
                ? refuse(findings, meta.name().isEmpty() ? null : resource.key())
                : new Decoded(resource, findings.close());
    }

    private static Refused refuse(Findings findings, @Nullable ObjectKey key) {
        return new Refused(key, findings.close());
    }

    private static DecodeResult unknown(
            JsonNode tree, Findings findings, Fields object, String apiVersion, String kind) {
        Kinds.Kind meant = Kinds.meant(group(apiVersion), kind);
        if (meant == null) {
            String name = MetadataDecoder.objectName(tree, "");
            return new Unknown(findings.lines().origin(), apiVersion, kind, name);
        }
        object.knows(object.names());
        if (meant.name().equals(kind)) {
            object.error(
                    "apiVersion", Values.quote(apiVersion) + Fields.expected(meant.apiVersions()));
        } else {
            object.error("kind", Values.quote(kind) + Fields.expected(meant.name()));
        }
        return refuse(findings, null);
    }

    private static String describe(JsonNode tree, String defaultNamespace) {
        String kind = tree.path("kind").asText();
        String name = MetadataDecoder.objectName(tree, defaultNamespace);
        return Values.shorten(kind.isEmpty() || name.isEmpty() ? kind : kind + " " + name);
    }

    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }
}
