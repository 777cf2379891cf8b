package io.weir.extproc.picker;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;

import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.weir.extproc.wire.HeaderNames;
import io.weir.picker.Endpoint;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The endpoints that the proxy offers, from the filter metadata of a message: a list, or a string
 * with commas, of {@code ip:port} or bare {@code ip}. An empty list offers none.
 */
record SubsetHint(Set<String> offered) implements Predicate<Endpoint> {

    /** Returns the hint, or null when the message has none. */
    static @Nullable SubsetHint of(Metadata metadata) {
        Struct namespace = metadata.getFilterMetadataMap().get(HeaderNames.SUBSET_NAMESPACE);
        Value value = namespace == null ? null : namespace.getFieldsMap().get(HeaderNames.SUBSET);
        if (value == null) {
            return null;
        }
        Set<String> offered = new HashSet<>();
        switch (value.getKindCase()) {
            case LIST_VALUE ->
                    value.getListValue().getValuesList().stream()
                            .map(Value::getStringValue)
                            .forEach(endpoint -> add(offered, endpoint));
            case STRING_VALUE -> {
                for (String endpoint : value.getStringValue().split(",", -1)) {
                    add(offered, endpoint);
                }
            }
            default -> {
                return null;
            }
        }
        return new SubsetHint(offered);
    }

    private static void add(Set<String> offered, String endpoint) {
        String name = endpoint.strip();
        boolean hasBracketsOnly = name.startsWith("[") && name.endsWith("]");
        if (!name.isEmpty()) {
            offered.add(hasBracketsOnly ? name.substring(1, name.length() - 1) : name);
        }
    }

    @Override
    public boolean test(Endpoint endpoint) {
        return offered.contains(endpoint.authority()) || offered.contains(endpoint.address());
    }
}
