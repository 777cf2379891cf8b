package io.weir.proxy.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.weir.resource.HttpRoute.Filter;
import io.weir.resource.HttpRoute.Header;
import io.weir.resource.HttpRoute.HeaderChange;
import io.weir.routing.Cors;
import io.weir.routing.PathRewrite;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Applies the filters of rules and backends to heads. */
final class Filters {

    /** Framing belongs to the connections; filters don't reach it. */
    private static final List<AsciiString> FRAMING =
            List.of(
                    HttpHeaderNames.CONTENT_LENGTH,
                    HttpHeaderNames.TRANSFER_ENCODING,
                    HttpHeaderNames.CONNECTION);

    private Filters() {}

    /**
     * Applies what concerns requests, in order.
     *
     * @param uri path and query so far
     * @param request the request as it came, for its path
     * @param matchedPrefix the prefix that the rule matched
     * @return path and query after the rewrite, if any
     */
    static String apply(
            List<Filter> filters,
            HttpHeaders headers,
            String uri,
            IncomingRequest request,
            String matchedPrefix) {
        String result = uri;
        for (Filter filter : filters) {
            switch (filter) {
                case Filter.RequestHeaderModifier(HeaderChange change) -> change(headers, change);
                case Filter.UrlRewrite rewrite -> {
                    if (rewrite.hostname() != null) {
                        headers.set(HttpHeaderNames.HOST, rewrite.hostname());
                    }
                    if (rewrite.path() != null) {
                        String path =
                                PathRewrite.apply(rewrite.path(), request.path(), matchedPrefix);
                        result = withQuery(path, request);
                    }
                }
                case Filter.ResponseHeaderModifier _,
                        Filter.RequestRedirect _,
                        Filter.RequestMirror _,
                        Filter.Cors _,
                        Filter.Unsupported _ -> {}
            }
        }
        return result;
    }

    /** Applies what concerns responses, in order. */
    static void applyToResponse(
            List<Filter> filters, HttpHeaders headers, @Nullable String origin) {
        for (Filter filter : filters) {
            if (filter instanceof Filter.ResponseHeaderModifier(HeaderChange change)) {
                change(headers, change);
            } else if (filter instanceof Filter.Cors cors) {
                Cors.OWNED.forEach(headers::remove);
                Cors.answer(cors, origin, headers::add);
            }
        }
    }

    /** Returns where the request comes from, when some filter wants to know. */
    static @Nullable String origin(Routing.Result.Found route, IncomingRequest request) {
        boolean asked = hasCors(route.rule().filters()) || hasCors(route.backend().filters());
        return asked ? request.header(HttpHeaderNames.ORIGIN.toString()) : null;
    }

    private static boolean hasCors(List<Filter> filters) {
        for (Filter filter : filters) {
            if (filter instanceof Filter.Cors) {
                return true;
            }
        }
        return false;
    }

    /** Returns path and query as they go to the server. */
    static String withQuery(String path, IncomingRequest request) {
        return request.query() == null ? path : path + '?' + request.query();
    }

    private static void change(HttpHeaders headers, HeaderChange change) {
        for (Header header : change.set()) {
            if (!isFraming(header.name())) {
                headers.set(header.name(), header.value());
            }
        }
        for (Header header : change.add()) {
            if (!isFraming(header.name())) {
                headers.add(header.name(), header.value());
            }
        }
        for (String name : change.remove()) {
            if (!isFraming(name)) {
                headers.remove(name);
            }
        }
    }

    private static boolean isFraming(String name) {
        for (AsciiString framing : FRAMING) {
            if (framing.contentEqualsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }
}
