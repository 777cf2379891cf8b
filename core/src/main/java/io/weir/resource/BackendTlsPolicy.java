package io.weir.resource;

import java.util.List;

/**
 * A BackendTLSPolicy ({@code gateway.networking.k8s.io}): how the certificates of a Service are
 * verified.
 *
 * @param metadata metadata
 * @param targetRefs Services, or named ports of them
 * @param caConfigMaps ConfigMaps of the namespace whose {@code ca.crt} is trusted
 * @param systemCertificates whether the certificates of the system are trusted instead
 * @param hostname the name that is asked for, and that the certificate must carry
 */
public record BackendTlsPolicy(
        ObjectMeta metadata,
        List<ParentRef> targetRefs,
        List<String> caConfigMaps,
        boolean systemCertificates,
        String hostname)
        implements Resource {

    public BackendTlsPolicy {
        targetRefs = List.copyOf(targetRefs);
        caConfigMaps = List.copyOf(caConfigMaps);
    }

    @Override
    public String kind() {
        return "BackendTLSPolicy";
    }
}
