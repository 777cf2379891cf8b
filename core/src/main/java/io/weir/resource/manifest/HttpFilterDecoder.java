package io.weir.resource.manifest;

import io.weir.resource.HttpRoute.BackendRef;
import io.weir.resource.HttpRoute.Filter;
import io.weir.resource.HttpRoute.Header;
import io.weir.resource.HttpRoute.HeaderChange;
import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;
import io.weir.resource.HttpRoute.PathChange;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads the filters of an HTTPRoute rule or backend. */
final class HttpFilterDecoder {

    /** The field that belongs to each type. */
    private static final Map<String, String> FIELDS =
            new TreeMap<>(
                    Map.of(
                            "RequestHeaderModifier", "requestHeaderModifier",
                            "ResponseHeaderModifier", "responseHeaderModifier",
                            "RequestMirror", "requestMirror",
                            "RequestRedirect", "requestRedirect",
                            "URLRewrite", "urlRewrite",
                            "ExtensionRef", "extensionRef",
                            "CORS", "cors",
                            "ExternalAuth", "externalAuth"));

    private static final Set<String> REPEATABLE =
            Set.of("RequestMirror", "ExtensionRef", "ExternalAuth");

    private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);

    private HttpFilterDecoder() {}

    /**
     * Reads the filters of a rule or backend.
     *
     * @param owner the rule or backend
     * @param namespace the route's namespace
     * @param matches the rule's matches, which prefix replacement depends on
     */
    static List<Filter> filters(Fields owner, String namespace, List<Match> matches) {
        List<Fields> written = owner.list("filters", 0, 16);
        List<Filter> filters = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (Fields filter : written) {
            String type = filter.requiredWord("type", FIELDS.keySet().toArray(String[]::new));
            if (type == null) {
                filter.knows(FIELDS.values());
                continue;
            }
            checkField(type, filter);
            if (types.contains(type) && !REPEATABLE.contains(type)) {
                filter.error("type", type + " again (expected: at most one)");
            }
            if (types.contains(opposite(type))) {
                filter.error("type", type + " (expected: none beside " + opposite(type) + ")");
            }
            types.add(type);
            filters.add(filter(type, filter, namespace, matches));
        }
        return filters;
    }

    private static String opposite(String type) {
        return switch (type) {
            case "RequestRedirect" -> "URLRewrite";
            case "URLRewrite" -> "RequestRedirect";
            default -> "";
        };
    }

    /** Checks that exactly the field that belongs to the type is there. */
    private static void checkField(String type, Fields filter) {
        for (Map.Entry<String, String> each : FIELDS.entrySet()) {
            String field = each.getValue();
            boolean own = each.getKey().equals(type);
            if (own && !filter.has(field)) {
                filter.missing(field, "it belongs to type " + type);
            } else if (!own && filter.has(field)) {
                filter.error(field, "a map (expected: none for type " + type + ")");
            }
        }
    }

    private static Filter filter(
            String type, Fields filter, String namespace, List<Match> matches) {
        return switch (type) {
            case "RequestHeaderModifier" ->
                    new Filter.RequestHeaderModifier(
                            headers(filter.object("requestHeaderModifier")));
            case "ResponseHeaderModifier" ->
                    new Filter.ResponseHeaderModifier(
                            headers(filter.object("responseHeaderModifier")));
            case "RequestMirror" -> mirror(filter.object("requestMirror"), namespace);
            case "RequestRedirect" -> redirect(filter.object("requestRedirect"), matches);
            case "URLRewrite" -> rewrite(filter.object("urlRewrite"), matches);
            case "CORS" -> CorsDecoder.cors(filter.object("cors"));
            default -> {
                filter.warning("type", type + " is not supported (its requests get 500)");
                yield new Filter.Unsupported(type);
            }
        };
    }

    private static HeaderChange headers(Fields change) {
        List<String> removed = change.texts("remove", 0, 16, TextRule.ANY);
        Unique.check(change, "remove", removed, "each name once");
        return new HeaderChange(headerList(change, "set"), headerList(change, "add"), removed);
    }

    private static List<Header> headerList(Fields change, String name) {
        List<Fields> written = change.list(name, 0, 16);
        List<Header> headers = new ArrayList<>();
        for (Fields header : written) {
            headers.add(
                    new Header(
                            header.text("name", TextRule.HEADER_NAME),
                            header.text("value", TextRule.HEADER_VALUE)));
        }
        Unique.check(
                written,
                "name",
                headers,
                header -> header.name().toLowerCase(Locale.ROOT),
                "each name once");
        return headers;
    }

    private static Filter mirror(Fields mirror, String namespace) {
        BackendRef backend = References.unweighted(mirror.requiredObject("backendRef"), namespace);
        Integer percent = mirror.optionalNumber("percent", 0, 100);
        Fields fraction = mirror.object("fraction");
        if (percent != null && fraction.exists()) {
            mirror.error("percent", percent + " (expected: none beside fraction)");
        }
        if (!fraction.exists()) {
            return new Filter.RequestMirror(backend, percent == null ? 100 : percent, 100);
        }
        int numerator = fraction.number("numerator", 0, Integer.MAX_VALUE);
        int denominator = fraction.numberOr("denominator", 100, 1, Integer.MAX_VALUE);
        if (numerator > denominator) {
            fraction.error(
                    "numerator",
                    numerator + " (expected: at most denominator, " + denominator + ")");
        }
        return new Filter.RequestMirror(backend, numerator, denominator);
    }

    private static Filter redirect(Fields redirect, List<Match> matches) {
        int status = redirect.numberOr("statusCode", 302, 300, 399);
        if (!REDIRECTS.contains(status)) {
            redirect.error("statusCode", status + " (expected: 301, 302, 303, 307 or 308)");
        }
        return new Filter.RequestRedirect(
                redirect.word("scheme", "http", "https"),
                redirect.optionalText("hostname", TextRule.EXACT_HOSTNAME),
                pathChange(redirect.object("path"), matches),
                redirect.optionalNumber("port", 1, References.MAX_PORT),
                status);
    }

    private static Filter rewrite(Fields rewrite, List<Match> matches) {
        return new Filter.UrlRewrite(
                rewrite.optionalText("hostname", TextRule.EXACT_HOSTNAME),
                pathChange(rewrite.object("path"), matches));
    }

    private static @Nullable PathChange pathChange(Fields path, List<Match> matches) {
        if (!path.exists()) {
            return null;
        }
        String type = path.requiredWord("type", "ReplaceFullPath", "ReplacePrefixMatch");
        if (type == null) {
            path.knows("replaceFullPath", "replacePrefixMatch");
            return null;
        }
        boolean full = type.equals("ReplaceFullPath");
        String other = full ? "replacePrefixMatch" : "replaceFullPath";
        if (path.has(other)) {
            path.error(other, "given (expected: none for type " + type + ")");
        }
        if (full) {
            return new PathChange.ReplaceFullPath(path.text("replaceFullPath", TextRule.PATH));
        }
        boolean onePrefix =
                matches.size() == 1 && matches.getFirst().path().type() == MatchType.PATH_PREFIX;
        if (!onePrefix) {
            path.error(
                    "type",
                    "ReplacePrefixMatch (expected: exactly one match in the rule, with a"
                            + " PathPrefix)");
        }
        return new PathChange.ReplacePrefixMatch(path.text("replacePrefixMatch", TextRule.PATH));
    }
}
