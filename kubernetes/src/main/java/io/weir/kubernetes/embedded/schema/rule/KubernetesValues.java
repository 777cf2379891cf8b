package io.weir.kubernetes.embedded.schema.rule;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

import io.weir.kubernetes.embedded.object.Quantity;
import io.weir.kubernetes.embedded.schema.Formats;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What the functions of {@link KubernetesFunctions} do. Bad arguments are rule errors. */
final class KubernetesValues {

    private KubernetesValues() {}

    /**
     * @param address an IPv4 or IPv6 address
     */
    record Ip(InetAddress address) {

        static Ip parse(String text) {
            if (!isIp(text)) {
                throw new IllegalArgumentException("IP address: \"" + text + "\" (expected: IP)");
            }
            return new Ip(InetAddress.ofLiteral(text));
        }

        static boolean isIp(String text) {
            return Formats.isIpv4(text) || Formats.isIpv6(text);
        }

        long family() {
            return address.getAddress().length == 4 ? 4 : 6;
        }
    }

    /**
     * @param address any address of the range
     * @param bits how many bits all addresses of the range share
     */
    record Cidr(InetAddress address, int bits) {

        static Cidr parse(String text) {
            if (!isCidr(text)) {
                throw new IllegalArgumentException(
                        "CIDR: \"" + text + "\" (expected: address/bits)");
            }
            int slash = text.indexOf('/');
            return new Cidr(
                    InetAddress.ofLiteral(text.substring(0, slash)),
                    Integer.parseInt(text.substring(slash + 1)));
        }

        static boolean isCidr(String text) {
            return Formats.isCidr(text);
        }

        boolean contains(Ip ip) {
            byte[] mine = address.getAddress();
            byte[] other = ip.address().getAddress();
            if (mine.length != other.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if (((mine[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    static Quantity quantity(String text) {
        return Quantity.parse(text)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "quantity: \"" + text + "\" (expected: a number and unit)"));
    }

    static long asInteger(Quantity quantity) {
        return quantity.value().longValueExact();
    }

    static boolean isInteger(Quantity quantity) {
        return quantity.value().stripTrailingZeros().scale() <= 0;
    }

    static URI url(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    static boolean isUrl(String text) {
        return Formats.matches("uri", text);
    }

    static String urlPart(URI url, String part) {
        String port = url.getPort() < 0 ? "" : String.valueOf(url.getPort());
        String host = Objects.requireNonNullElse(url.getHost(), "");
        return switch (part) {
            case "getScheme" -> Objects.requireNonNullElse(url.getScheme(), "");
            case "getHost" -> port.isEmpty() ? host : host + ":" + port;
            case "getHostname" -> host;
            default -> port;
        };
    }

    static String urlPath(URI url) {
        return Objects.requireNonNullElse(url.getRawPath(), "");
    }

    static String find(String text, String regex) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        return matcher.find() ? matcher.group() : "";
    }

    static List<String> findAll(String text, String regex) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(regex).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    static boolean isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    static Object sum(List<?> list) {
        boolean whole = list.stream().allMatch(Long.class::isInstance);
        return whole
                ? (Object) list.stream().mapToLong(item -> (Long) item).reduce(0, Math::addExact)
                : (Object) list.stream().mapToDouble(item -> ((Number) item).doubleValue()).sum();
    }

    static Object min(List<?> list) {
        return list.stream()
                .map(Object.class::cast)
                .min(KubernetesValues::compare)
                .orElseThrow(() -> new IllegalArgumentException("min called on empty list"));
    }

    static Object max(List<?> list) {
        return list.stream()
                .map(Object.class::cast)
                .max(KubernetesValues::compare)
                .orElseThrow(() -> new IllegalArgumentException("max called on empty list"));
    }

    private static int compare(Object first, Object second) {
        if (first instanceof Number a && second instanceof Number b) {
            return Double.compare(a.doubleValue(), b.doubleValue());
        }
        return String.valueOf(first).compareTo(String.valueOf(second));
    }
}
