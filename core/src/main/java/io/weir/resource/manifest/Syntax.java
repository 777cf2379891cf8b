package io.weir.resource.manifest;

import java.util.Locale;
import java.util.function.IntPredicate;

/** The spelling rules of Kubernetes and HTTP names, checked without regular expressions. */
final class Syntax {

    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";
    private static final String PATH_PUNCTUATION = "-/._~!$&'()*+,;=:@";

    private Syntax() {}

    static boolean isAlphanumeric(int c) {
        return isLowerAlphanumeric(c) || (c >= 'A' && c <= 'Z');
    }

    private static boolean isLowerAlphanumeric(int c) {
        return (c >= 'a' && c <= 'z') || isDigit(c);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean all(String text, IntPredicate allowed) {
        for (int i = 0; i < text.length(); i++) {
            if (!allowed.test(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean bounded(String text, int max, IntPredicate edge, IntPredicate inner) {
        return !text.isEmpty()
                && text.length() <= max
                && edge.test(text.charAt(0))
                && edge.test(text.charAt(text.length() - 1))
                && all(text, inner);
    }

    /** RFC 1123 label: at most 63 of a-z, 0-9 and -, not - at the ends. */
    static boolean isDnsLabel(String text) {
        return bounded(text, 63, Syntax::isLowerAlphanumeric, Syntax::isLabelInner);
    }

    private static boolean isLabelInner(int c) {
        return isLowerAlphanumeric(c) || c == '-';
    }

    /** RFC 1123 subdomain: labels joined by dots, at most 253 characters. */
    static boolean isDnsSubdomain(String text) {
        if (text.isEmpty() || text.length() > 253) {
            return false;
        }
        for (int start = 0; start <= text.length(); ) {
            int dot = text.indexOf('.', start);
            int end = dot < 0 ? text.length() : dot;
            String label = text.substring(start, end);
            if (!bounded(label, 253, Syntax::isLowerAlphanumeric, Syntax::isLabelInner)) {
                return false;
            }
            start = end + 1;
        }
        return true;
    }

    /** A host name, also {@code *.}-wildcard. */
    static boolean isHostname(String text) {
        return text.length() <= 253
                && isDnsSubdomain(text.startsWith("*.") ? text.substring(2) : text);
    }

    /** The name part of a label, or a label's value: at most 63 characters. */
    static boolean isLabelName(String text) {
        return bounded(
                text,
                63,
                Syntax::isAlphanumeric,
                c -> isAlphanumeric(c) || c == '-' || c == '_' || c == '.');
    }

    /** {@code prefix/name} or {@code name}. */
    static boolean isQualifiedName(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? isLabelName(text)
                : isDnsSubdomain(text.substring(0, slash))
                        && isLabelName(text.substring(slash + 1));
    }

    static boolean isKind(String text) {
        return bounded(text, 63, Syntax::isAlphanumeric, c -> isAlphanumeric(c) || c == '-')
                && !isDigit(text.charAt(0));
    }

    /** {@code domain/path}. */
    static boolean isControllerName(String text) {
        int slash = text.indexOf('/');
        return text.length() <= 253
                && slash > 0
                && slash < text.length() - 1
                && isDnsSubdomain(text.substring(0, slash))
                && all(
                        text.substring(slash + 1),
                        c -> isAlphanumeric(c) || "/-._~%!$&'()*+,;=:".indexOf(c) >= 0);
    }

    /** A token of RFC 9110, at most 256 characters. */
    static boolean isHeaderName(String text) {
        return !text.isEmpty()
                && text.length() <= 256
                && all(text, c -> isAlphanumeric(c) || TOKEN_PUNCTUATION.indexOf(c) >= 0);
    }

    /** Visible ASCII with single blanks or tabs between, at most 4096 characters. */
    static boolean isHeaderValue(String text) {
        if (text.isEmpty() || text.length() > 4096) {
            return false;
        }
        boolean blank = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean nextBlank = c == ' ' || c == '\t';
            if (nextBlank ? blank : c < '!' || c > '~') {
                return false;
            }
            blank = nextBlank;
        }
        return !blank;
    }

    /** Characters of an RFC 3986 path, percent-encoding included. */
    static boolean isPath(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean encoded = c == '%' && isHex(text, i + 1) && isHex(text, i + 2);
            if (!encoded && !isAlphanumeric(c) && PATH_PUNCTUATION.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(String text, int at) {
        return at < text.length()
                && text.charAt(at) < 128
                && Character.digit(text.charAt(at), 16) >= 0;
    }

    /** The name of a container's port: at most 15 characters, with a letter. */
    static boolean isPortName(String text) {
        return bounded(text, 15, Syntax::isLowerAlphanumeric, Syntax::isLabelInner)
                && !all(text, c -> !(c >= 'a' && c <= 'z'))
                && !text.contains("--");
    }

    /** A key of a ConfigMap or Secret. */
    static boolean isDataKey(String text) {
        return !text.isEmpty()
                && text.length() <= 253
                && !text.equals(".")
                && !text.startsWith("..")
                && all(text, c -> isAlphanumeric(c) || c == '-' || c == '_' || c == '.');
    }

    static boolean isIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            boolean number = !part.isEmpty() && part.length() <= 3 && all(part, Syntax::isDigit);
            boolean leadingZero = part.length() > 1 && part.charAt(0) == '0';
            if (!number || leadingZero || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    /** An IPv6 address without zone and brackets. */
    static boolean isIpv6(String text) {
        int compressed = text.indexOf("::");
        if (compressed < 0) {
            return groups(text, true) == 8;
        }
        String head = text.substring(0, compressed);
        String tail = text.substring(compressed + 2);
        int before = head.isEmpty() ? 0 : groups(head, false);
        int after = tail.isEmpty() ? 0 : groups(tail, true);
        return before >= 0 && after >= 0 && before + after < 8;
    }

    /** Returns how many 16-bit groups the text holds; -1 when it is not made of groups. */
    private static int groups(String text, boolean mayEndWithIpv4) {
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (mayEndWithIpv4 && i == parts.length - 1 && isIpv4(part)) {
                return count + 2;
            }
            boolean hex = all(part, c -> c < 128 && Character.digit(c, 16) >= 0);
            if (part.isEmpty() || part.length() > 4 || !hex) {
                return -1;
            }
            count++;
        }
        return count;
    }

    /** A host name (upper case and a final dot are fine) or an IP address. */
    static boolean isHost(String text) {
        String host = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        boolean named = isDnsSubdomain(host.toLowerCase(Locale.ROOT)) && !looksLikeIpv4(host);
        return named || isIpv4(text) || isIpv6(text);
    }

    private static boolean looksLikeIpv4(String text) {
        return all(text, c -> isDigit(c) || c == '.');
    }
}
