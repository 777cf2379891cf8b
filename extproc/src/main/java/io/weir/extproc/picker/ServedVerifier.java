package io.weir.extproc.picker;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;

import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.weir.extproc.wire.HeaderNames;
import io.weir.picker.PickerSettings;

/**
 * {@code destination-endpoint-served-verifier}: tells clients in a response header which endpoint
 * the proxy says it served, or what is missing. For conformance tests of proxies.
 */
public final class ServedVerifier {

    static final String HEADER = "x-conformance-test-served-endpoint";

    private static final String TYPE = "destination-endpoint-served-verifier";

    private ServedVerifier() {}

    /** Returns whether a picker's configuration has the plugin. */
    public static boolean isAskedFor(PickerSettings settings) {
        return !PluginEntries.of(settings, TYPE).isEmpty();
    }

    /** Returns what the metadata of an answer's headers say. */
    static String said(Metadata metadata) {
        Struct lb = metadata.getFilterMetadataMap().get(HeaderNames.LB_NAMESPACE);
        if (lb == null) {
            return "fail: missing envoy lb metadata";
        }
        Value served = lb.getFieldsMap().get(HeaderNames.SERVED);
        return served == null
                ? "fail: missing destination endpoint served metadata"
                : served.getStringValue();
    }
}
