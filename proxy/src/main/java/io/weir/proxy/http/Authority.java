package io.weir.proxy.http;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** Host and port as requests write them (RFC 9110 section 7.2). */
public final class Authority {

    private Authority() {}

    /**
     * Returns the host in lower case, without port and without a dot at the end; IPv6 addresses
     * keep their brackets.
     *
     * @param authority for instance {@code Example.com:8080} or {@code [::1]:80}
     * @return the host, or null when the authority is malformed
     */
    public static @Nullable String host(String authority) {
        int end = hostEnd(authority);
        if (end <= 0 || !isPort(authority, end)) {
            return null;
        }
        int last = end > 1 && authority.charAt(end - 1) == '.' ? end - 1 : end;
        return authority.substring(0, last).toLowerCase(Locale.ROOT);
    }

    private static int hostEnd(String authority) {
        if (authority.startsWith("[")) {
            int end = authority.indexOf(']') + 1;
            return end > 0 && isAddress(authority, end) ? end : -1;
        }
        int at = 0;
        while (at < authority.length() && isNameChar(authority.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isAddress(String authority, int end) {
        for (int i = 1; i < end - 1; i++) {
            char c = authority.charAt(i);
            if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
                return false;
            }
        }
        return end > 2;
    }

    private static boolean isNameChar(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == '_'
                || c == '~';
    }

    private static boolean isPort(String authority, int from) {
        if (from == authority.length()) {
            return true;
        }
        if (authority.charAt(from) != ':' || authority.length() - from > 6) {
            return false;
        }
        for (int i = from + 1; i < authority.length(); i++) {
            if (authority.charAt(i) < '0' || authority.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
