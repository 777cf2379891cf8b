package io.weir.proxy.exchange;

import io.netty.handler.codec.http.HttpHeaders;
import io.weir.picker.HeaderField;
import io.weir.picker.Reservation;
import io.weir.picker.external.ExternalPicker.Responses;
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
    private final @Nullable ResponsePicker responsePicker;

    /**
     * A picker that wants to know of the response.
     *
     * @param session the stream to it
     * @param responses what it wants to know
     */
    record ResponsePicker(PickerSession session, Responses responses) {}

    Forwarding(
            Routing.Result.Found route,
            Target.Endpoints target,
            OutgoingRequest request,
            @Nullable String origin,
            @Nullable ResponsePicker responsePicker,
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
        this.responsePicker = responsePicker;
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

    /** Returns the picker that wants to know of the response; null when none does. */
    @Nullable ResponsePicker responsePicker() {
        return responsePicker;
    }

    /** Gives back what was reserved. */
    void release(Reservation.End end, long completionTokens) {
        endpoints.release(end, completionTokens);
        if (responsePicker == null) {
            return;
        }
        if (end == Reservation.End.COMPLETED) {
            responsePicker.session().finish();
        } else {
            responsePicker.session().cancel("the request ended: " + end);
        }
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
