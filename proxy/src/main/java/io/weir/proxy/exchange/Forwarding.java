package io.weir.proxy.exchange;

import io.netty.handler.codec.http.HttpHeaders;
import io.weir.picker.HeaderField;
import io.weir.picker.Reservation;
import io.weir.proxy.http.WeirHeaders;
import io.weir.routing.RouteRule;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What an exchange needs from the moment that its endpoints are known. */
final class Forwarding {

    private final Routing.Result.Found route;
    private final Reservation endpoints;
    private final boolean metered;
    private final Attempts attempts;
    private final OutgoingRequest request;
    private final @Nullable String origin;

    Forwarding(
            Routing.Result.Found route,
            Target.Endpoints target,
            OutgoingRequest request,
            @Nullable String origin,
            Worker worker) {
        this.route = route;
        this.endpoints = target.endpoints();
        this.metered = target.metered();
        this.attempts =
                new Attempts(
                        endpoints,
                        route.rule().retry(),
                        worker.retryLimits(),
                        worker.retryBudget());
        this.request = request;
        this.origin = origin;
    }

    RouteRule rule() {
        return route.rule();
    }

    /** Returns the endpoints in order. */
    Reservation endpoints() {
        return endpoints;
    }

    /** Returns what says what follows a failure. */
    Attempts attempts() {
        return attempts;
    }

    /** Sets what the picker wants to tell the endpoint in use. */
    void addressRequest() {
        setAll(request.headers(), endpoints.requestHeaders());
    }

    /** Returns what is sent. */
    OutgoingRequest request() {
        return request;
    }

    /** Returns whether answers carry token usage. */
    boolean metered() {
        return metered;
    }

    /**
     * Applies the filters for responses, those of the rule before those of the backend, and then
     * what the picker wants to tell the client.
     */
    void filterResponse(HttpHeaders headers) {
        Filters.applyToResponse(route.rule().filters(), headers, origin);
        Filters.applyToResponse(route.backend().filters(), headers, origin);
        setAll(headers, endpoints.responseHeaders());
    }

    private static void setAll(HttpHeaders headers, List<HeaderField> fields) {
        for (HeaderField field : fields) {
            WeirHeaders.setDerived(headers, field.name(), field.value());
        }
    }
}
