package io.weir.resource.manifest;

import java.util.Locale;
import java.util.Set;

/** What a text must look like. */
enum TextRule {
    ANY("text"),
    NOT_EMPTY("text that is not empty"),
    API_VERSION("for instance gateway.networking.k8s.io/v1"),
    KIND_NAME("for instance HTTPRoute"),
    OBJECT_NAME("a name of 1..253 characters"),
    DNS_SUBDOMAIN("at most 253 of a-z, 0-9, - and ., beginning and ending with a letter or digit"),
    DNS_LABEL("at most 63 of a-z, 0-9 and -, beginning and ending with a letter or digit"),
    GROUP("an API group such as gateway.networking.k8s.io, or \"\""),
    KIND("a kind such as Service"),
    LABEL_KEY("a label name such as app or example.com/app, at most 63 characters after the /"),
    LABEL_VALUE(
            "at most 63 of letters, digits, -, _ and ., beginning and ending with a letter or"
                    + " digit"),
    ANNOTATION_KEY(
            "an annotation name such as example.com/note, at most 63 characters after the /"),
    DATA_KEY("at most 253 letters, digits, -, _ and ."),
    CONTROLLER_NAME("a domain and a path such as example.com/gateway"),
    DESCRIPTION("text of 0..64 characters"),
    HOSTNAME("a host name in lower case such as api.example.com or *.example.com"),
    EXACT_HOSTNAME("a host name in lower case such as api.example.com"),
    OPTIONAL_HOSTNAME("a host name"),
    HOST("an IP address or a host name"),
    HOST_OR_BRACKETS("an IP address or a host name"),
    IP("an IP address"),
    IPV4("an IPv4 address"),
    IPV6("an IPv6 address"),
    ADDRESS_TYPE("IPAddress, Hostname, NamedAddress or an implementation's own"),
    ADDRESS("text of 0..253 characters"),
    PROTOCOL("HTTP, HTTPS, TLS, TCP, UDP or an implementation's own"),
    PORT_NAME("at most 15 of a-z, 0-9 and -, with a letter"),
    TARGET_PORT("a number or the name of a container port"),
    HEADER_NAME("a header name, at most 256 characters"),
    HEADER_VALUE("1..4096 visible ASCII characters, single spaces between them"),
    ORIGIN(
            "* or an origin such as https://www.example.com, https://*.example.com or http://*:8080"),
    METHOD_OR_ANY("a method such as GET, or *"),
    QUERY_VALUE("text of 1..1024 characters"),
    PATH("a path of 0..1024 characters"),
    MODEL("a model name of 0..256 characters"),
    TARGET_MODEL("a model name of 0..253 characters"),
    EXPRESSION("a CEL expression of 1..16384 characters");

    private static final Set<String> ADDRESS_TYPES =
            Set.of("IPAddress", "Hostname", "NamedAddress");

    private final String expectation;

    TextRule(String expectation) {
        this.expectation = expectation;
    }

    /** Returns the rule in words, as it follows "expected: ". */
    String expectation() {
        return expectation;
    }

    /** Returns whether the text satisfies the rule. */
    boolean allows(String text) {
        return switch (this) {
            case ANY -> true;
            case NOT_EMPTY -> !text.isEmpty();
            case API_VERSION, KIND_NAME -> hasLength(text, 1, 317);
            case OBJECT_NAME -> hasLength(text, 1, 253);
            case DNS_SUBDOMAIN, EXACT_HOSTNAME -> Syntax.isDnsSubdomain(text);
            case DNS_LABEL -> Syntax.isDnsLabel(text);
            case GROUP -> text.isEmpty() || Syntax.isDnsSubdomain(text);
            case KIND -> Syntax.isKind(text);
            case LABEL_KEY -> Syntax.isQualifiedName(text);
            case LABEL_VALUE -> text.isEmpty() || Syntax.isLabelName(text);
            case ANNOTATION_KEY -> Syntax.isQualifiedName(text.toLowerCase(Locale.ROOT));
            case DATA_KEY -> Syntax.isDataKey(text);
            case CONTROLLER_NAME -> Syntax.isControllerName(text);
            case DESCRIPTION -> hasLength(text, 0, 64);
            case HOSTNAME -> Syntax.isHostname(text);
            case OPTIONAL_HOSTNAME -> text.isEmpty() || Syntax.isHostname(text);
            case HOST -> Syntax.isHost(text);
            case HOST_OR_BRACKETS -> Syntax.isHost(Syntax.withoutBrackets(text));
            case IP -> Syntax.isIpv4(text) || Syntax.isIpv6(text);
            case IPV4 -> Syntax.isIpv4(text);
            case IPV6 -> Syntax.isIpv6(text);
            case ADDRESS_TYPE -> ADDRESS_TYPES.contains(text) || Syntax.isControllerName(text);
            case ADDRESS -> hasLength(text, 0, 253);
            case PROTOCOL -> Syntax.isWord(text) || Syntax.isControllerName(text);
            case PORT_NAME, TARGET_PORT -> Syntax.isPortName(text);
            case HEADER_NAME -> Syntax.isHeaderName(text);
            case HEADER_VALUE -> Syntax.isHeaderValue(text);
            case ORIGIN -> text.equals("*") || Syntax.isOrigin(text);
            case METHOD_OR_ANY -> text.equals("*") || HttpMatchDecoder.isMethod(text);
            case QUERY_VALUE -> hasLength(text, 1, 1024);
            case PATH -> hasLength(text, 0, 1024);
            case MODEL -> hasLength(text, 0, 256);
            case TARGET_MODEL -> hasLength(text, 0, 253);
            case EXPRESSION -> hasLength(text, 1, 16384);
        };
    }

    private static boolean hasLength(String text, int min, int max) {
        int characters = text.codePointCount(0, text.length());
        return characters >= min && characters <= max;
    }
}
