package io.weir.resource;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * An HTTPRoute ({@code gateway.networking.k8s.io}).
 *
 * @param metadata metadata
 * @param parentRefs Gateways and listeners that the route attaches to
 * @param hostnames exact or wildcard host names, lower case; empty for every host
 * @param rules rules in order
 */
public record HttpRoute(
        ObjectMeta metadata, List<ParentRef> parentRefs, List<String> hostnames, List<Rule> rules)
        implements Resource {

    public HttpRoute {
        parentRefs = List.copyOf(parentRefs);
        hostnames = List.copyOf(hostnames);
        rules = List.copyOf(rules);
    }

    @Override
    public String kind() {
        return "HTTPRoute";
    }

    /**
     * One rule.
     *
     * @param name optional name
     * @param matches alternatives; never empty: a rule without matches has one for path prefix /
     * @param filters filters in order
     * @param backendRefs weighted backends
     * @param timeouts timeouts
     * @param retry retry policy; null when the rule has none
     */
    public record Rule(
            @Nullable String name,
            List<Match> matches,
            List<Filter> filters,
            List<BackendRef> backendRefs,
            Timeouts timeouts,
            @Nullable Retry retry) {
        public Rule {
            matches = List.copyOf(matches);
            filters = List.copyOf(filters);
            backendRefs = List.copyOf(backendRefs);
        }
    }

    /**
     * Conditions that must all hold.
     *
     * @param path path condition
     * @param headers header conditions
     * @param queryParams query parameter conditions
     * @param method method; null for every method
     */
    public record Match(
            PathMatch path,
            List<ValueMatch> headers,
            List<ValueMatch> queryParams,
            @Nullable String method) {
        public Match {
            headers = List.copyOf(headers);
            queryParams = List.copyOf(queryParams);
        }
    }

    /** How a path or value is compared. */
    public enum MatchType {
        /** Equal. */
        EXACT,
        /** Path elements from the start; only for paths. */
        PATH_PREFIX,
        /** RE2-like expression that must match the whole value. */
        REGULAR_EXPRESSION
    }

    /**
     * A condition on the path.
     *
     * @param type how to compare
     * @param value the path, prefix or expression
     */
    public record PathMatch(MatchType type, String value) {}

    /**
     * A condition on a header or query parameter.
     *
     * @param type how to compare
     * @param name name; header names are compared without case
     * @param value value or expression
     */
    public record ValueMatch(MatchType type, String name, String value) {}

    /**
     * A weighted backend.
     *
     * @param group API group, empty for core
     * @param kind {@code Service}, {@code InferencePool} or another kind (a status, not an error)
     * @param namespace namespace, resolved
     * @param name name
     * @param port Service port; null when absent
     * @param weight 0..1000000, default 1
     * @param filters filters for requests to this backend
     */
    public record BackendRef(
            String group,
            String kind,
            String namespace,
            String name,
            @Nullable Integer port,
            int weight,
            List<Filter> filters) {
        public BackendRef {
            filters = List.copyOf(filters);
        }

        /** Returns the namespace and name of the backend. */
        public ObjectName objectName() {
            return new ObjectName(namespace, name);
        }
    }

    /** A filter as written. */
    public sealed interface Filter {

        /**
         * Changes request headers.
         *
         * @param change what to set, add and remove
         */
        record RequestHeaderModifier(HeaderChange change) implements Filter {}

        /**
         * Changes response headers.
         *
         * @param change what to set, add and remove
         */
        record ResponseHeaderModifier(HeaderChange change) implements Filter {}

        /**
         * Answers with a redirect.
         *
         * @param scheme {@code http} or {@code https}; null keeps it
         * @param hostname host; null keeps it
         * @param path path change; null keeps it
         * @param port port; null follows the scheme or listener as the specification says
         * @param statusCode 301, 302, 303, 307 or 308
         */
        record RequestRedirect(
                @Nullable String scheme,
                @Nullable String hostname,
                @Nullable PathChange path,
                @Nullable Integer port,
                int statusCode)
                implements Filter {}

        /**
         * Rewrites host and path of the request to the backend.
         *
         * @param hostname host; null keeps it
         * @param path path change; null keeps it
         */
        record UrlRewrite(@Nullable String hostname, @Nullable PathChange path) implements Filter {}

        /**
         * Sends a copy of the request elsewhere and ignores the answer.
         *
         * @param backend where to
         * @param numerator share of requests: numerator / denominator
         * @param denominator share of requests: numerator / denominator
         */
        record RequestMirror(BackendRef backend, int numerator, int denominator)
                implements Filter {}

        /**
         * Lets browsers use the route from other sites.
         *
         * @param allowOrigins origins, also with a wildcard at the start of the host; or {@code *}
         * @param allowCredentials whether requests may carry credentials
         * @param allowMethods methods, or {@code *}
         * @param allowHeaders request headers, or {@code *}
         * @param exposeHeaders response headers that scripts may read, or {@code *}
         * @param maxAgeSeconds how long a browser may keep the answer to a preflight
         */
        record Cors(
                List<String> allowOrigins,
                boolean allowCredentials,
                List<String> allowMethods,
                List<String> allowHeaders,
                List<String> exposeHeaders,
                int maxAgeSeconds)
                implements Filter {
            public Cors {
                allowOrigins = List.copyOf(allowOrigins);
                allowMethods = List.copyOf(allowMethods);
                allowHeaders = List.copyOf(allowHeaders);
                exposeHeaders = List.copyOf(exposeHeaders);
            }
        }

        /**
         * A filter that this program does not know or support; the rule answers 500.
         *
         * @param type the filter's type as written
         */
        record Unsupported(String type) implements Filter {}
    }

    /**
     * Header changes; names keep the case in which they were written.
     *
     * @param set replaced or added
     * @param add added beside existing values
     * @param remove removed
     */
    public record HeaderChange(List<Header> set, List<Header> add, List<String> remove) {
        public HeaderChange {
            set = List.copyOf(set);
            add = List.copyOf(add);
            remove = List.copyOf(remove);
        }
    }

    /**
     * A header.
     *
     * @param name name
     * @param value value
     */
    public record Header(String name, String value) {}

    /** A change of the request path. */
    public sealed interface PathChange {

        /**
         * Replaces the whole path.
         *
         * @param path the new path
         */
        record ReplaceFullPath(String path) implements PathChange {}

        /**
         * Replaces the matched prefix.
         *
         * @param prefix the new prefix
         */
        record ReplacePrefixMatch(String prefix) implements PathChange {}
    }

    /**
     * Timeouts of a rule; null means not set, zero means no timeout.
     *
     * @param request for the whole request, retries included
     * @param backendRequest for one attempt
     */
    public record Timeouts(@Nullable Duration request, @Nullable Duration backendRequest) {

        /** No timeouts set. */
        public static final Timeouts NONE = new Timeouts(null, null);
    }

    /**
     * Retry policy of a rule.
     *
     * @param codes status codes to retry, 400..599
     * @param attempts further attempts after the first; null for the implementation's default
     * @param backoff least wait between attempts; null for the implementation's default
     */
    public record Retry(
            List<Integer> codes, @Nullable Integer attempts, @Nullable Duration backoff) {
        public Retry {
            codes = List.copyOf(codes);
        }
    }
}
