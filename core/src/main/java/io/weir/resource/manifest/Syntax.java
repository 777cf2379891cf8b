package io.weir.resource.manifest;

import java.util.Locale;

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

    /** Returns whether all characters are letters, digits or of the others. */
    private static boolean isMadeOf(String text, String others) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isAlphanumeric(c) && others.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether all characters are small letters, digits or of the others. */
    private static boolean isLowerMadeOf(String text, String others) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLowerAlphanumeric(c) && others.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the length is right and a letter or digit stands at both ends. */
    private static boolean isBounded(String text, int max) {
        return !text.isEmpty()
                && text.length() <= max
                && isAlphanumeric(text.charAt(0))
                && isAlphanumeric(text.charAt(text.length() - 1));
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** RFC 1123 label: at most 63 of a-z, 0-9 and -, not - at the ends. */
    static boolean isDnsLabel(String text) {
        return isBounded(text, 63) && isLowerMadeOf(text, "-");
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
            if (!isBounded(label, 253) || !isLowerMadeOf(label, "-")) {
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
        return isBounded(text, 63) && isMadeOf(text, "-_.");
    }

    /** {@code prefix/name} or {@code name}. */
    static boolean isQualifiedName(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? isLabelName(text)
                : isDnsSubdomain(text.substring(0, slash))
                        && isLabelName(text.substring(slash + 1));
    }

    /** Letters and digits, with - between them. */
    static boolean isWord(String text) {
        return isBounded(text, 255) && isMadeOf(text, "-");
    }

    static boolean isKind(String text) {
        return isBounded(text, 63) && isMadeOf(text, "-") && !isDigit(text.charAt(0));
    }

    /** {@code domain/path}. */
    static boolean isControllerName(String text) {
        int slash = text.indexOf('/');
        return text.length() <= 253
                && slash > 0
                && slash < text.length() - 1
                && isDnsSubdomain(text.substring(0, slash))
                && isMadeOf(text.substring(slash + 1), "/-._~%!$&'()*+,;=:");
    }

    /** A token of RFC 9110, at most 256 characters. */
    static boolean isHeaderName(String text) {
        return !text.isEmpty() && text.length() <= 256 && isMadeOf(text, TOKEN_PUNCTUATION);
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

    /** {@code http(s)://host[:port]}, the host also {@code *} or with {@code *.} in front. */
    static boolean isOrigin(String text) {
        String rest = text.startsWith("https://") ? text.substring(8) : text;
        rest = text.startsWith("http://") ? text.substring(7) : rest;
        if (rest.equals(text) || text.length() > 253) {
            return false;
        }
        int colon = rest.indexOf(':');
        String port = colon < 0 ? "" : rest.substring(colon + 1);
        String host = colon < 0 ? rest : rest.substring(0, colon);
        boolean validPort = colon < 0 || (isDigits(port) && port.length() <= 5);
        return validPort && (host.equals("*") || isOriginHost(host));
    }

    private static boolean isOriginHost(String host) {
        String name = host.startsWith("*.") ? host.substring(2) : host;
        boolean empty = name.isEmpty() || name.startsWith(".") || name.endsWith(".");
        return !empty && !name.contains("..") && isMadeOf(name, "-.");
    }

    /** The name of a container's port: at most 15 characters, with a letter. */
    static boolean isPortName(String text) {
        return isBounded(text, 15)
                && isLowerMadeOf(text, "-")
                && !isDigits(text.replace("-", ""))
                && !text.contains("--");
    }

    /** A key of a ConfigMap or Secret. */
    static boolean isDataKey(String text) {
        return !text.isEmpty()
                && text.length() <= 253
                && !text.equals(".")
                && !text.startsWith("..")
                && isMadeOf(text, "-_.");
    }

    static boolean isIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            boolean number = part.length() <= 3 && isDigits(part);
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
            if (part.isEmpty() || part.length() > 4 || !isHexDigits(part)) {
                return -1;
            }
            count++;
        }
        return count;
    }

    private static boolean isHexDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isHex(text, i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns what is in brackets, as IPv6 addresses sometimes are, or else the text. */
    static String withoutBrackets(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        return bracketed ? text.substring(1, text.length() - 1) : text;
    }

    /** A host name (upper case and a final dot are fine) or an IP address. */
    static boolean isHost(String text) {
        String host = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        boolean named = isDnsSubdomain(host.toLowerCase(Locale.ROOT)) && !looksLikeIpv4(host);
        return named || isIpv4(text) || isIpv6(text);
    }

    private static boolean looksLikeIpv4(String text) {
        return isDigits(text.replace(".", ""));
    }
}
