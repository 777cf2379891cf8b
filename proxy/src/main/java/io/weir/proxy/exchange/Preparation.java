package io.weir.proxy.exchange;

import io.netty.handler.codec.http.HttpHeaders;
import io.weir.body.BodyFacts;
import io.weir.routing.Backend;
import io.weir.routing.RouteRule;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * From a route to what is sent: filters, copies, endpoints.
 *
 * @param worker what the exchanges of the loop share
 * @param request the request
 * @param body its body
 * @param client who asks
 * @param record the record of the exchange
 */
record Preparation(
        Worker worker,
        IncomingRequest request,
        RequestBody body,
        ClientInfo client,
        ExchangeRecord record) {

    /** What came of it. */
    sealed interface Result {

        /** Everything is there to begin. */
        record Ready(Forwarding forwarding, List<MirrorCopy> mirrors) implements Result {}

        /** A picker elsewhere has to be asked first, or the request has to wait. */
        record Asking(PendingPick pick, List<MirrorCopy> mirrors) implements Result {}

        /** An answer instead. */
        record Answered(Answer answer) implements Result {}
    }

    Result prepare(Routing.Result.Found route, @Nullable BodyFacts facts) {
        String prefix = route.match().matchedPrefix();
        HttpHeaders headers = request.headers();
        String origin = Filters.origin(route, request);
        String uri = Filters.withQuery(request.path(), request);
        uri = Filters.apply(route.rule().filters(), headers, uri, request, prefix);
        List<MirrorCopy> mirrors = mirrors(route.rule(), uri, facts);
        uri = Filters.apply(route.backend().filters(), headers, uri, request, prefix);
        Backend backend = route.backend().backend();
        return switch (Target.of(backend, request, body, facts, worker, record, false)) {
            case Target.Answered(Answer answer) -> new Result.Answered(answer);
            case Target.Endpoints target ->
                    new Result.Ready(ready(route, target, uri, origin, null), mirrors);
            case Target.Elsewhere elsewhere -> {
                var pick = new ExternalPick(this, elsewhere, route, facts, uri, origin);
                yield new Result.Asking(pick, mirrors);
            }
            case Target.Waiting waiting -> {
                var pick = new QueuedPick(this, waiting, route, uri, origin);
                yield new Result.Asking(pick, mirrors);
            }
        };
    }

    /** Returns what comes of a wait. */
    Result result(Target decided, Routing.Result.Found route, String uri, @Nullable String origin) {
        return switch (decided) {
            case Target.Answered(Answer answer) -> new Result.Answered(answer);
            case Target.Endpoints found ->
                    new Result.Ready(ready(route, found, uri, origin, null), List.of());
            case Target.Elsewhere _, Target.Waiting _ ->
                    throw new IllegalStateException("decided already");
        };
    }

    /** Returns what is sent to these endpoints. */
    Forwarding ready(
            Routing.Result.Found route,
            Target.Endpoints target,
            String uri,
            @Nullable String origin,
            Forwarding.@Nullable ResponsePicker picker) {
        ForwardedHeaders.apply(request, client);
        TracedHeaders.callServer(record, request.headers());
        long announced = body.isComplete() ? body.bytes() : request.bodyBytes();
        OutgoingRequest outgoing =
                new OutgoingRequest(
                        request.method(),
                        uri,
                        request.headers(),
                        body,
                        request.hasBody() ? request.bodyBytes() : announced,
                        target.splice());
        return new Forwarding(route, target, outgoing, origin, picker, worker);
    }

    private List<MirrorCopy> mirrors(RouteRule rule, String uri, @Nullable BodyFacts facts) {
        if (rule.mirrors().isEmpty()) {
            return List.of();
        }
        List<MirrorCopy> copies = new ArrayList<>(rule.mirrors().size());
        for (RouteRule.Mirror mirror : rule.mirrors()) {
            if (worker.random().nextInt(mirror.denominator()) < mirror.numerator()) {
                IncomingRequest copy = request.copy();
                Backend backend = mirror.backend();
                boolean atOnce = body.isComplete();
                copies.add(new MirrorCopy(worker, copy, client, uri, facts, backend, atOnce));
            }
        }
        return copies;
    }
}
