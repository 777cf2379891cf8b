package io.weir.kubernetes.embedded.schema;

import io.weir.kubernetes.embedded.object.Quantity;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.regex.Pattern;

/** The string formats that are checked. A format that is not known is not checked. */
public final class Formats {

    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern DURATION =
            Pattern.compile("[-+]?(0|([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+");
    private static final Pattern UUID =
            Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");
    private static final Pattern HOSTNAME =
            Pattern.compile(
                    "(?i)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");
    private static final Pattern MAC = Pattern.compile("(?i)([0-9a-f]{2}[:-]){5}[0-9a-f]{2}");

    private Formats() {}

    /** Returns whether the text has the format. */
    public static boolean matches(String format, String text) {
        return switch (format) {
            case "date-time", "datetime" -> isDateTime(text);
            case "date" -> isDate(text);
            case "duration" -> DURATION.matcher(text).matches();
            case "byte" -> isBase64(text);
            case "ipv4" -> isIpv4(text);
            case "ipv6" -> isIpv6(text);
            case "cidr" -> isCidr(text);
            case "uri" -> isUri(text);
            case "uuid", "uuid3", "uuid4", "uuid5" -> UUID.matcher(text).matches();
            case "hostname" -> text.length() <= 255 && HOSTNAME.matcher(text).matches();
            case "email" -> EMAIL.matcher(text).matches();
            case "mac" -> MAC.matcher(text).matches();
            case "quantity" -> Quantity.parse(text).isPresent();
            default -> true;
        };
    }

    /** Returns whether the text is an IPv4 address in dotted form without leading zeros. */
    public static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches();
    }

    /** Returns whether the text is an IPv6 address without a zone. */
    public static boolean isIpv6(String text) {
        if (!text.contains(":") || text.length() > 45) {
            return false;
        }
        String head = text;
        int dots = text.lastIndexOf(':');
        if (text.indexOf('.') >= 0) {
            if (!isIpv4(text.substring(dots + 1))) {
                return false;
            }
            head = text.substring(0, dots + 1) + "0:0";
        }
        int gap = head.indexOf("::");
        if (gap < 0) {
            return groups(head) == 8;
        }
        if (head.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        int before = groups(head.substring(0, gap));
        int after = groups(head.substring(gap + 2));
        return before >= 0 && after >= 0 && before + after <= 7;
    }

    /** Returns whether the text is an address, a slash and a prefix length. */
    public static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("0|[1-9][0-9]{0,2}")) {
            return false;
        }
        int bits = Integer.parseInt(text.substring(slash + 1));
        String address = text.substring(0, slash);
        return (isIpv4(address) && bits <= 32) || (isIpv6(address) && bits <= 128);
    }

    /** Counts groups of hexadecimal digits; -1 when one is malformed. */
    private static int groups(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        String[] parts = text.split(":", -1);
        for (String part : parts) {
            if (!part.matches("[0-9a-fA-F]{1,4}")) {
                return -1;
            }
        }
        return parts.length;
    }

    private static boolean isDateTime(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isUri(String text) {
        try {
            URI uri = new URI(text);
            return uri.isAbsolute() || text.startsWith("/");
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
