package io.weir.resource.manifest;

import io.weir.resource.BackendTlsPolicy;
import io.weir.resource.ObjectMeta;
import io.weir.resource.ParentRef;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads a BackendTLSPolicy. */
final class BackendTlsPolicyDecoder {

    private static final int MOST_TARGETS = 16;
    private static final int MOST_CERTIFICATES = 8;
    private static final String SOURCES = "caCertificateRefs or wellKnownCACertificates";

    private BackendTlsPolicyDecoder() {}

    static BackendTlsPolicy decode(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        spec.noEffect("options");
        List<ParentRef> targets = new ArrayList<>();
        for (Fields ref : spec.list("targetRefs", 1, MOST_TARGETS)) {
            ParentRef target = References.target(ref, metadata.namespace());
            expectCore(ref, target.group(), target.kind(), "Service");
            targets.add(target);
        }
        Fields validation = spec.requiredObject("validation");
        validation.noEffect("subjectAltNames");
        List<String> maps = configMaps(validation);
        String known = validation.word("wellKnownCACertificates", "System");
        if (validation.exists() && maps.isEmpty() == (known == null)) {
            validation.error((known == null ? "neither" : "both") + Fields.expected(SOURCES));
        }
        return new BackendTlsPolicy(metadata, targets, maps, known != null, hostname(validation));
    }

    private static List<String> configMaps(Fields validation) {
        List<String> maps = new ArrayList<>();
        for (Fields ref : validation.list("caCertificateRefs", 0, MOST_CERTIFICATES)) {
            String group = ref.text("group", TextRule.GROUP);
            String kind = ref.text("kind", TextRule.KIND);
            expectCore(ref, group, kind, "ConfigMap");
            maps.add(ref.text("name", TextRule.OBJECT_NAME));
        }
        return maps;
    }

    private static String hostname(Fields validation) {
        return validation.text("hostname", TextRule.EXACT_HOSTNAME);
    }

    private static void expectCore(
            Fields ref, String group, @Nullable String kind, String expected) {
        if (ref.exists() && ref.has("kind") && !expected.equals(kind)) {
            ref.error("kind", Values.quote(String.valueOf(kind)) + Fields.expected(expected));
        }
        if (ref.exists() && ref.has("group") && !group.isEmpty()) {
            ref.error("group", Values.quote(group) + Fields.expected("\"\""));
        }
    }
}
