package io.weir.routing;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Reads query strings. Plain parameters are compared in place; only encoded ones are decoded. */
final class QueryParams {

    private QueryParams() {}

    /** Returns whether the first parameter of that name passes the test. */
    static boolean test(@Nullable String query, String name, ValueTest test) {
        int start = find(query, name);
        if (query == null || start < 0) {
            return false;
        }
        int end = end(query, start);
        int equals = query.indexOf('=', start);
        int value = equals < 0 || equals > end ? end : equals + 1;
        if (test instanceof ValueTest.Exact(String expected) && !encoded(query, value, end)) {
            return expected.length() == end - value
                    && query.regionMatches(value, expected, 0, expected.length());
        }
        return test.matches(decoded(query, value, end));
    }

    private static int find(@Nullable String query, String name) {
        if (query == null) {
            return -1;
        }
        for (int start = 0; start <= query.length(); start = end(query, start) + 1) {
            if (named(query, start, end(query, start), name)) {
                return start;
            }
        }
        return -1;
    }

    private static boolean named(String query, int start, int end, String name) {
        int equals = query.indexOf('=', start);
        int nameEnd = equals < 0 || equals > end ? end : equals;
        if (nameEnd == start) {
            return false;
        }
        if (encoded(query, start, nameEnd)) {
            return decoded(query, start, nameEnd).equals(name);
        }
        return name.length() == nameEnd - start
                && query.regionMatches(start, name, 0, name.length());
    }

    private static int end(String query, int start) {
        int end = query.indexOf('&', start);
        return end < 0 ? query.length() : end;
    }

    private static boolean encoded(String query, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = query.charAt(i);
            if (c == '%' || c == '+') {
                return true;
            }
        }
        return false;
    }

    /** Decodes as browsers encode forms; a broken escape leaves the text as it is. */
    private static String decoded(String query, int from, int to) {
        String text = query.substring(from, to);
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException brokenEscape) {
            return text;
        }
    }
}
