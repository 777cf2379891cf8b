package io.weir.proxy.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.weir.routing.RoutingHeaders;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Headers that carry decisions of the gateway.
 *
 * <p>Routing headers are made here and nowhere else: copies that clients send are removed before
 * anything reads them, or clients could choose where their requests go. The objective and the
 * fairness id are the client's to set by the endpoint picker protocol (GIE proposal 004); they are
 * read here and end here.
 */
public final class WeirHeaders {

    /** The model that the body names. */
    public static final AsciiString MODEL = AsciiString.cached(RoutingHeaders.MODEL);

    /** The base model of the model that the body names. */
    public static final AsciiString BASE_MODEL = AsciiString.cached(RoutingHeaders.BASE_MODEL);

    /** Why a request was dropped. */
    public static final AsciiString DROPPED_REASON =
            AsciiString.cached("x-llm-d-request-dropped-reason");

    /** Name of the InferenceObjective, new name and old. */
    private static final List<AsciiString> OBJECTIVE =
            List.of(
                    AsciiString.cached("x-llm-d-inference-objective"),
                    AsciiString.cached("x-gateway-inference-objective"));

    /** Whose request it is, new name and old. */
    private static final List<AsciiString> FAIRNESS_ID =
            List.of(
                    AsciiString.cached("x-llm-d-inference-fairness-id"),
                    AsciiString.cached("x-gateway-inference-fairness-id"));

    private static final AsciiString DESTINATION =
            AsciiString.cached("x-gateway-destination-endpoint");

    private static final List<AsciiString> ROUTING =
            List.of(
                    MODEL,
                    BASE_MODEL,
                    AsciiString.cached("x-gateway-model-name-rewrite"),
                    AsciiString.cached("x-llm-d-model-name-rewrite"),
                    AsciiString.cached("x-ai-eg-model"),
                    AsciiString.cached("x-prefiller-host-port"),
                    AsciiString.cached("x-encoder-hosts-ports"),
                    AsciiString.cached("x-data-parallel-host-port"),
                    AsciiString.cached("x-kv-cache-source-host-port"));

    private WeirHeaders() {}

    /** Returns the name of the InferenceObjective; null when the request names none. */
    public static @Nullable String objective(HttpHeaders headers) {
        return first(headers, OBJECTIVE);
    }

    /** Returns whose request it is; null when it does not say. */
    public static @Nullable String fairnessId(HttpHeaders headers) {
        return first(headers, FAIRNESS_ID);
    }

    /** Removes what ends here: the objective and the fairness id. */
    public static void removeConsumed(HttpHeaders headers) {
        OBJECTIVE.forEach(headers::remove);
        FAIRNESS_ID.forEach(headers::remove);
    }

    private static @Nullable String first(HttpHeaders headers, List<AsciiString> names) {
        for (AsciiString name : names) {
            String value = headers.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** Removes all routing headers: the fixed names, and what begins like the destination's. */
    public static void removeRouting(HttpHeaders headers) {
        for (AsciiString name : ROUTING) {
            headers.remove(name);
        }
        List<CharSequence> destinations = destinations(headers);
        if (destinations != null) {
            destinations.forEach(headers::remove);
        }
    }

    private static @Nullable List<CharSequence> destinations(HttpHeaders headers) {
        List<CharSequence> found = null;
        var entries = headers.iteratorCharSequence();
        while (entries.hasNext()) {
            Map.Entry<CharSequence, CharSequence> entry = entries.next();
            CharSequence name = entry.getKey();
            if (name.length() >= DESTINATION.length()
                    && DESTINATION.regionMatches(true, 0, name, 0, DESTINATION.length())) {
                found = found == null ? new ArrayList<>(2) : found;
                found.add(name);
            }
        }
        return found;
    }

    /**
     * Sets a header to a value that did not come out of an HTTP message. A value that HTTP can't
     * carry (anything but visible ASCII, spaces inside) removes the header.
     */
    public static void setDerived(HttpHeaders headers, CharSequence name, @Nullable String value) {
        if (value == null || !isFieldValue(value)) {
            headers.remove(name);
        } else {
            headers.set(name, value);
        }
    }

    private static boolean isFieldValue(String value) {
        if (value.isEmpty() || value.charAt(0) == ' ' || value.endsWith(" ")) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }
}
