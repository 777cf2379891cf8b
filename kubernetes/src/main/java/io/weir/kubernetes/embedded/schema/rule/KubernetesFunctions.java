package io.weir.kubernetes.embedded.schema.rule;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;

import io.weir.kubernetes.embedded.object.Quantity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The functions that Kubernetes adds to CEL: quantities, addresses, URLs, formats, regexes and
 * lists.
 */
final class KubernetesFunctions {

    private static final CelType BOOL = SimpleType.BOOL;
    private static final CelType INT = SimpleType.INT;
    private static final CelType STRING = SimpleType.STRING;
    private static final CelType DYN = SimpleType.DYN;
    private static final CelType LIST = ListType.create(DYN);
    private static final CelType QUANTITY = OpaqueType.create("kubernetes.Quantity");
    private static final CelType IP = OpaqueType.create("net.IP");
    private static final CelType CIDR = OpaqueType.create("net.CIDR");
    private static final CelType URL = OpaqueType.create("kubernetes.URL");
    private static final CelType FORMAT = OpaqueType.create("kubernetes.NamedFormat");

    private final Map<String, List<CelOverloadDecl>> overloads = new LinkedHashMap<>();
    private final List<CelFunctionBinding> bindings = new ArrayList<>();

    private KubernetesFunctions() {
        quantities();
        addresses();
        ranges();
        urls();
        formats();
        texts();
        lists();
    }

    static List<CelFunctionDecl> declarations() {
        return new KubernetesFunctions()
                .overloads.entrySet().stream()
                        .map(e -> CelFunctionDecl.newFunctionDeclaration(e.getKey(), e.getValue()))
                        .toList();
    }

    static List<CelFunctionBinding> bindings() {
        return new KubernetesFunctions().bindings;
    }

    private void quantities() {
        global("quantity", QUANTITY, STRING);
        bind("quantity", String.class, KubernetesValues::quantity);
        global("isQuantity", BOOL, STRING);
        bind("isQuantity", String.class, text -> Quantity.parse(text).isPresent());
        member("isGreaterThan", BOOL, QUANTITY, QUANTITY);
        bind("isGreaterThan", Quantity.class, Quantity.class, (a, b) -> a.compareTo(b) > 0);
        member("isLessThan", BOOL, QUANTITY, QUANTITY);
        bind("isLessThan", Quantity.class, Quantity.class, (a, b) -> a.compareTo(b) < 0);
        member("compareTo", INT, QUANTITY, QUANTITY);
        bind("compareTo", Quantity.class, Quantity.class, (a, b) -> (long) a.compareTo(b));
        member("add", QUANTITY, QUANTITY, QUANTITY);
        bind(
                "add",
                Quantity.class,
                Quantity.class,
                (a, b) -> new Quantity(a.value().add(b.value())));
        member("sub", QUANTITY, QUANTITY, QUANTITY);
        bind(
                "sub",
                Quantity.class,
                Quantity.class,
                (a, b) -> new Quantity(a.value().subtract(b.value())));
        member("sign", INT, QUANTITY);
        bind("sign", Quantity.class, a -> (long) a.value().signum());
        member("asApproximateFloat", SimpleType.DOUBLE, QUANTITY);
        bind("asApproximateFloat", Quantity.class, a -> a.value().doubleValue());
        member("asInteger", INT, QUANTITY);
        bind("asInteger", Quantity.class, KubernetesValues::asInteger);
        member("isInteger", BOOL, QUANTITY);
        bind("isInteger", Quantity.class, KubernetesValues::isInteger);
    }

    private void addresses() {
        global("ip", IP, STRING);
        bind("ip", String.class, KubernetesValues.Ip::parse);
        global("isIP", BOOL, STRING);
        bind("isIP", String.class, KubernetesValues.Ip::isIp);
        member("family", INT, IP);
        bind("family", KubernetesValues.Ip.class, KubernetesValues.Ip::family);
        member("isLoopback", BOOL, IP);
        bind("isLoopback", KubernetesValues.Ip.class, ip -> ip.address().isLoopbackAddress());
        member("isUnspecified", BOOL, IP);
        bind("isUnspecified", KubernetesValues.Ip.class, ip -> ip.address().isAnyLocalAddress());
    }

    private void ranges() {
        global("cidr", CIDR, STRING);
        bind("cidr", String.class, KubernetesValues.Cidr::parse);
        global("isCIDR", BOOL, STRING);
        bind("isCIDR", String.class, KubernetesValues.Cidr::isCidr);
        member("prefixLength", INT, CIDR);
        bind("prefixLength", KubernetesValues.Cidr.class, cidr -> (long) cidr.bits());
        member("containsIP", BOOL, CIDR, STRING);
        bind(
                "containsIP",
                KubernetesValues.Cidr.class,
                String.class,
                (cidr, text) -> cidr.contains(KubernetesValues.Ip.parse(text)));
    }

    private void urls() {
        global("url", URL, STRING);
        bind("url", String.class, KubernetesValues::url);
        global("isURL", BOOL, STRING);
        bind("isURL", String.class, KubernetesValues::isUrl);
        for (String part : List.of("getScheme", "getHost", "getHostname", "getPort")) {
            member(part, STRING, URL);
            bind(part, java.net.URI.class, url -> KubernetesValues.urlPart(url, part));
        }
        member("getEscapedPath", STRING, URL);
        bind("getEscapedPath", java.net.URI.class, KubernetesValues::urlPath);
    }

    private void formats() {
        for (TextFormat format : TextFormat.values()) {
            String name = "format." + format.title();
            declare(name, CelOverloadDecl.newGlobalOverload("weir_" + name, FORMAT));
            bindings.add(CelFunctionBinding.from("weir_" + name, List.of(), _ -> format));
        }
        global("format.named", OptionalType.create(FORMAT), STRING);
        bind("format.named", String.class, TextFormat::named);
        member("validate", OptionalType.create(ListType.create(STRING)), FORMAT, STRING);
        bind("validate", TextFormat.class, String.class, TextFormat::validate);
    }

    private void texts() {
        member("find", STRING, STRING, STRING);
        bind("find", String.class, String.class, KubernetesValues::find);
        member("findAll", LIST, STRING, STRING);
        bind("findAll", String.class, String.class, KubernetesValues::findAll);
    }

    private void lists() {
        member("isSorted", BOOL, LIST);
        bind("isSorted", List.class, KubernetesValues::isSorted);
        member("sum", DYN, LIST);
        bind("sum", List.class, KubernetesValues::sum);
        member("min", DYN, LIST);
        bind("min", List.class, KubernetesValues::min);
        member("max", DYN, LIST);
        bind("max", List.class, KubernetesValues::max);
    }

    private void global(String name, CelType result, CelType argument) {
        declare(name, CelOverloadDecl.newGlobalOverload("weir_" + name, result, argument));
    }

    private void member(String name, CelType result, CelType... arguments) {
        declare(name, CelOverloadDecl.newMemberOverload("weir_" + name, result, arguments));
    }

    private void declare(String name, CelOverloadDecl overload) {
        overloads.computeIfAbsent(name, key -> new ArrayList<>()).add(overload);
    }

    private <T> void bind(
            String name, Class<T> type, dev.cel.runtime.CelFunctionOverload.Unary<T> function) {
        bindings.add(CelFunctionBinding.from("weir_" + name, type, function));
    }

    private <T, U> void bind(
            String name,
            Class<T> first,
            Class<U> second,
            dev.cel.runtime.CelFunctionOverload.Binary<T, U> function) {
        bindings.add(CelFunctionBinding.from("weir_" + name, first, second, function));
    }
}
