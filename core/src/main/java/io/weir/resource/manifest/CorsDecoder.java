package io.weir.resource.manifest;

import io.weir.resource.HttpRoute.Filter;

import java.util.List;

/** Reads the CORS filter of an HTTPRoute. */
final class CorsDecoder {

    private static final int MAX_ENTRIES = 64;
    private static final int MAX_METHODS = 9;
    private static final int DEFAULT_AGE_SECONDS = 5;

    private CorsDecoder() {}

    static Filter cors(Fields cors) {
        return new Filter.Cors(
                allowed(cors, "allowOrigins", MAX_ENTRIES, TextRule.ORIGIN),
                cors.flag("allowCredentials", false),
                allowed(cors, "allowMethods", MAX_METHODS, TextRule.METHOD_OR_ANY),
                allowed(cors, "allowHeaders", MAX_ENTRIES, TextRule.HEADER_NAME),
                once(cors, "exposeHeaders", MAX_ENTRIES, TextRule.HEADER_NAME),
                cors.numberOr("maxAge", DEFAULT_AGE_SECONDS, 1, Integer.MAX_VALUE));
    }

    private static List<String> allowed(Fields cors, String name, int max, TextRule rule) {
        List<String> entries = once(cors, name, max, rule);
        if (entries.contains("*") && entries.size() > 1) {
            cors.error(name, entries.size() + " entries (expected: * alone, or none)");
        }
        return entries;
    }

    private static List<String> once(Fields cors, String name, int max, TextRule rule) {
        List<String> entries = cors.texts(name, 0, max, rule);
        Unique.check(cors, name, entries, "each entry once");
        return entries;
    }
}
