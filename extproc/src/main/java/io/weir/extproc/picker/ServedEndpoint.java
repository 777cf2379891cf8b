package io.weir.extproc.picker;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.weir.extproc.wire.HeaderNames;
import io.weir.extproc.wire.Headers;
import io.weir.picker.Endpoint;
import io.weir.picker.Reservation;

import org.jspecify.annotations.Nullable;

/** Which endpoint has answered, by what the proxy says of it. */
final class ServedEndpoint {

    private ServedEndpoint() {}

    /** Returns what the proxy says, or null. */
    static @Nullable String named(ProcessingRequest answer) {
        Struct lb =
                answer.getMetadataContext().getFilterMetadataMap().get(HeaderNames.LB_NAMESPACE);
        Value value = lb == null ? null : lb.getFieldsMap().get(HeaderNames.SERVED);
        return value == null ? null : value.getStringValue();
    }

    /**
     * Moves the reservation to where the proxy went on its way down the list.
     *
     * @param most most endpoints in the list
     */
    static void follow(String served, Reservation held, int most) {
        boolean listed =
                held.ordered(most).stream()
                        .anyMatch(endpoint -> endpoint.authority().equals(served));
        Endpoint at = held.current();
        while (listed && at != null && !at.authority().equals(served)) {
            at = held.next();
        }
    }

    /** A proxy that reached no server answers with one of these by itself. */
    static boolean isProxysOwn(Headers answer, @Nullable String served) {
        return switch (answer.status()) {
            case 502, 503, 504 -> served == null && !answer.has("x-envoy-upstream-service-time");
            default -> false;
        };
    }
}
