package io.weir.proxy.exchange;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.weir.body.BodyFacts;
import io.weir.body.OpenAiError;
import io.weir.config.Listener;
import io.weir.proxy.http.WeirHeaders;
import io.weir.resource.HttpRoute.Filter;
import io.weir.routing.Backend;
import io.weir.routing.Cors;
import io.weir.routing.HeaderRule;
import io.weir.routing.Redirects;
import io.weir.routing.RouteBackend;
import io.weir.routing.RouteMatch;
import io.weir.routing.RouteRule;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** From a request to the backend that its rule chooses. Pure, apart from the turn of the choice. */
final class Routing {

    private Routing() {}

    /** What came of it. */
    sealed interface Result {

        /** A backend. */
        record Found(RouteMatch match, RouteBackend backend) implements Result {
            RouteRule rule() {
                return match.rule();
            }
        }

        /** An answer in place of a backend; the rule is null when none matched. */
        record Answered(@Nullable RouteRule rule, Answer answer) implements Result {}
    }

    /** Returns whether the body must be read before routes can match. */
    static boolean needsBody(Listener listener, IncomingRequest request) {
        return request.hasBody()
                && (!listener.headerRules().isEmpty() || listener.routes().dependsOnBody(request));
    }

    /**
     * Sets the headers that are derived from the request, which routes may match.
     *
     * @param facts facts of the body; null when it was not read
     */
    static void setDerivedHeaders(
            Listener listener, IncomingRequest request, @Nullable BodyFacts facts) {
        String model = facts == null ? null : facts.model();
        if (model != null) {
            WeirHeaders.setDerived(request.headers(), WeirHeaders.MODEL, model);
            String base = listener.baseModels().lookup(model);
            WeirHeaders.setDerived(request.headers(), WeirHeaders.BASE_MODEL, base);
        }
        for (HeaderRule rule : listener.headerRules()) {
            String value = rule.evaluate(request, model);
            WeirHeaders.setDerived(request.headers(), rule.header(), value);
        }
    }

    /**
     * Finds the rule and its backend.
     *
     * @param model the model that the body names; null when it names none or was not read
     */
    static Result route(
            Listener listener, IncomingRequest request, @Nullable String model, Origin origin) {
        RouteMatch match = listener.routes().match(request);
        if (match == null) {
            return new Result.Answered(null, noRoute(listener, request, model));
        }
        RouteRule rule = match.rule();
        Answer instead = answerOf(rule.filters(), match, request, origin);
        if (instead != null) {
            return new Result.Answered(rule, instead);
        }
        RouteBackend chosen = rule.backends().choose();
        if (chosen == null) {
            return new Result.Answered(rule, internal(rule, "no backend has a weight above 0"));
        }
        if (chosen.backend() instanceof Backend.Unresolved(String reason)) {
            return new Result.Answered(rule, internal(rule, reason));
        }
        instead = answerOf(chosen.filters(), match, request, origin);
        return instead == null
                ? new Result.Found(match, chosen)
                : new Result.Answered(rule, instead);
    }

    /** A model that is the only reason for which no rule matches deserves its own error. */
    private static Answer noRoute(
            Listener listener, IncomingRequest request, @Nullable String model) {
        if (model != null && listener.routes().dependsOnBody(request)) {
            return Answer.error(OpenAiError.modelNotFound(model), "no route for the model");
        }
        return Answer.error(OpenAiError.notFound("No route matches the request."), "no route");
    }

    private static @Nullable Answer answerOf(
            List<Filter> filters, RouteMatch match, IncomingRequest request, Origin origin) {
        for (Filter filter : filters) {
            switch (filter) {
                case Filter.RequestRedirect redirect -> {
                    return Answer.redirect(
                            redirect.statusCode(), origin.location(redirect, request, match));
                }
                case Filter.Unsupported(String type) -> {
                    return internal(match.rule(), "filter " + type + " is not supported");
                }
                case Filter.Cors cors -> {
                    if (Cors.isPreflight(request)) {
                        return preflight(cors, request);
                    }
                }
                case Filter.RequestHeaderModifier _,
                        Filter.ResponseHeaderModifier _,
                        Filter.UrlRewrite _,
                        Filter.RequestMirror _ -> {}
            }
        }
        return null;
    }

    private static Answer preflight(Filter.Cors cors, IncomingRequest request) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        Cors.preflight(cors, request, headers::add);
        return new Answer(200, headers, new byte[0], "");
    }

    private static Answer internal(RouteRule rule, String reason) {
        return Answer.error(
                OpenAiError.internal("The route has no working backend for this request."),
                rule.id() + ": " + reason);
    }

    /**
     * Where a request came in.
     *
     * @param scheme {@code http} or {@code https}
     * @param port port of the listener
     */
    record Origin(String scheme, int port) {

        String location(
                Filter.RequestRedirect redirect, IncomingRequest request, RouteMatch match) {
            return Redirects.location(
                    redirect,
                    scheme,
                    request.host(),
                    port,
                    request.path(),
                    request.query(),
                    match.matchedPrefix());
        }
    }
}
