package io.weir.resource.manifest;

import java.util.function.Predicate;

/**
 * What a text must look like.
 *
 * @param expectation the rule in words, as it follows "expected: "
 * @param test whether a text satisfies it
 */
record TextRule(String expectation, Predicate<String> test) {

    static final TextRule ANY = new TextRule("text", text -> true);

    static final TextRule NOT_EMPTY = new TextRule("text that is not empty", t -> !t.isEmpty());

    /** The name of another object. */
    static final TextRule OBJECT_NAME = length("a name", 1, 253);

    static final TextRule DNS_SUBDOMAIN =
            new TextRule(
                    "at most 253 of a-z, 0-9, - and ., beginning and ending with a letter or digit",
                    Syntax::isDnsSubdomain);

    static final TextRule DNS_LABEL =
            new TextRule(
                    "at most 63 of a-z, 0-9 and -, beginning and ending with a letter or digit",
                    Syntax::isDnsLabel);

    static final TextRule GROUP =
            new TextRule(
                    "an API group such as gateway.networking.k8s.io, or \"\"",
                    text -> text.isEmpty() || Syntax.isDnsSubdomain(text));

    static final TextRule KIND = new TextRule("a kind such as Service", Syntax::isKind);

    static final TextRule HOSTNAME =
            new TextRule(
                    "a host name in lower case such as api.example.com or *.example.com",
                    Syntax::isHostname);

    static final TextRule EXACT_HOSTNAME =
            new TextRule(
                    "a host name in lower case such as api.example.com", Syntax::isDnsSubdomain);

    static final TextRule LABEL_VALUE =
            new TextRule(
                    "at most 63 of letters, digits, -, _ and ., beginning and ending with a letter"
                            + " or digit",
                    text -> text.isEmpty() || Syntax.isLabelName(text));

    static final TextRule LABEL_KEY =
            new TextRule(
                    "a label name such as app or example.com/app, at most 63 characters after the /",
                    Syntax::isQualifiedName);

    static final TextRule CONTROLLER_NAME =
            new TextRule(
                    "a domain and a path such as example.com/gateway", Syntax::isControllerName);

    static final TextRule HEADER_NAME =
            new TextRule("a header name, at most 256 characters", Syntax::isHeaderName);

    static final TextRule HEADER_VALUE =
            new TextRule(
                    "1..4096 visible ASCII characters, single spaces between them",
                    Syntax::isHeaderValue);

    static final TextRule HOST = new TextRule("an IP address or a host name", Syntax::isHost);

    static TextRule length(String noun, int min, int max) {
        return new TextRule(
                noun + " of " + min + ".." + max + " characters",
                text -> {
                    int characters = text.codePointCount(0, text.length());
                    return characters >= min && characters <= max;
                });
    }
}
