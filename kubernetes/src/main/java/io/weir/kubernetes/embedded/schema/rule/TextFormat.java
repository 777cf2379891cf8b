package io.weir.kubernetes.embedded.schema.rule;

import io.weir.kubernetes.embedded.schema.Formats;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The formats that rules may ask for, as {@code format.dns1123Label()} or {@code
 * format.named("dns1123Label")}. Source: the format library of Kubernetes' CEL, since 1.32.
 */
enum TextFormat {
    DNS_1123_LABEL("dns1123Label", 63, Names.LABEL),
    DNS_1123_SUBDOMAIN("dns1123Subdomain", 253, Names.SUBDOMAIN),
    DNS_1035_LABEL("dns1035Label", 63, Names.LABEL_1035),
    DNS_1123_LABEL_PREFIX("dns1123LabelPrefix", 63, Names.LABEL + "-?"),
    DNS_1123_SUBDOMAIN_PREFIX("dns1123SubdomainPrefix", 253, Names.SUBDOMAIN + "-?"),
    DNS_1035_LABEL_PREFIX("dns1035LabelPrefix", 63, Names.LABEL_1035 + "-?"),
    LABEL_VALUE("labelValue", 63, "(" + Names.QUALIFIED + ")?"),
    QUALIFIED_NAME("qualifiedName", TextFormat::isQualifiedName),
    URI("uri", text -> Formats.matches("uri", text)),
    UUID("uuid", text -> Formats.matches("uuid", text)),
    BYTE("byte", text -> Formats.matches("byte", text)),
    DATE("date", text -> Formats.matches("date", text)),
    DATETIME("datetime", text -> Formats.matches("datetime", text));

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // none of the predicates has a state
    private final Predicate<String> accepts;

    TextFormat(String title, int maxLength, String pattern) {
        this(title, matching(maxLength, pattern));
    }

    TextFormat(String title, Predicate<String> accepts) {
        this.title = title;
        this.accepts = accepts;
    }

    static Optional<TextFormat> named(String title) {
        return Arrays.stream(values()).filter(f -> f.title.equals(title)).findFirst();
    }

    /** Returns the name by which rules ask for it. */
    String title() {
        return title;
    }

    /** Returns what is wrong with a text; empty when it has the format. */
    Optional<List<String>> validate(String text) {
        return accepts.test(text)
                ? Optional.empty()
                : Optional.of(List.of("\"%s\" (expected: %s)".formatted(text, title)));
    }

    private static Predicate<String> matching(int maxLength, String pattern) {
        Predicate<String> matches = Pattern.compile(pattern).asMatchPredicate();
        return text -> text.length() <= maxLength && matches.test(text);
    }

    private static boolean isQualifiedName(String text) {
        int slash = text.indexOf('/');
        return (slash < 0 || DNS_1123_SUBDOMAIN.accepts.test(text.substring(0, slash)))
                && slash != text.length() - 1
                && LABEL_VALUE.accepts.test(text.substring(slash + 1))
                && !text.isEmpty();
    }

    /** Constants of an enum can't use its own static fields. */
    private static final class Names {
        static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
        static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
        static final String LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
        static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    }
}
