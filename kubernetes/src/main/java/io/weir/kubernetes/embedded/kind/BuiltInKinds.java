package io.weir.kubernetes.embedded.kind;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The kinds that exist before any definition has been applied. */
public final class BuiltInKinds {

    private static final List<String> FILES =
            List.of(
                    "meta",
                    "core",
                    "pod",
                    "volume",
                    "node",
                    "service",
                    "workload",
                    "rbac",
                    "kept",
                    "extension",
                    "review",
                    "gateway",
                    "inference",
                    "policy");

    private BuiltInKinds() {}

    /**
     * What is built in.
     *
     * @param kinds the kinds
     * @param wire the binary form of those that Kubernetes defines
     */
    public record Loaded(List<KindInfo> kinds, WireTypes wire) {}

    /** Reads them. */
    public static Loaded load() {
        TypeFiles files = new TypeFiles();
        FILES.forEach(name -> files.add(text(name + ".types")));
        return new Loaded(files.kinds(), files.wire());
    }

    private static String text(String file) {
        try (InputStream in = BuiltInKinds.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("resource: " + file + " (expected: in the jar)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
