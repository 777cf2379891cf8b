package io.weir.kubernetes.embedded.object;

import java.util.regex.Pattern;

/** The rules for names, label keys and label values. Each method returns "" when all is well. */
public final class Names {

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern QUALIFIED =
            Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
    private static final Pattern DNS_1035 = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");

    private Names() {}

    /** Names of most objects: lower case, dots allowed, at most 253 characters. */
    public static String subdomainProblem(String name) {
        if (name.length() > 253) {
            return "must be no more than 253 bytes";
        }
        return SUBDOMAIN.matcher(name).matches()
                ? ""
                : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                        + " characters, '-' or '.', and must start and end with an alphanumeric"
                        + " character";
    }

    /** Names of namespaces: lower case, no dots, at most 63 characters. */
    public static String labelProblem(String name) {
        if (name.length() > 63) {
            return "must be no more than 63 bytes";
        }
        return LABEL.matcher(name).matches()
                ? ""
                : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters"
                        + " or '-', and must start and end with an alphanumeric character";
    }

    /** Names of Services: like labels, but the first character is a letter. */
    public static String dns1035Problem(String name) {
        if (name.length() > 63) {
            return "must be no more than 63 bytes";
        }
        return DNS_1035.matcher(name).matches()
                ? ""
                : "a DNS-1035 label must consist of lower case alphanumeric characters or '-',"
                        + " start with an alphabetic character, and end with an alphanumeric"
                        + " character";
    }

    /** Names that only have to fit into a path, as those of roles. */
    public static String pathSegmentProblem(String name) {
        if (name.equals(".") || name.equals("..")) {
            return "may not be '" + name + "'";
        }
        return name.contains("/") || name.contains("%") ? "may not contain '/' or '%'" : "";
    }

    /** Keys of labels and annotations: an optional domain, a slash, and at most 63 characters. */
    public static String qualifiedNameProblem(String key) {
        int slash = key.indexOf('/');
        if (slash >= 0 && !subdomainProblem(key.substring(0, slash)).isEmpty()) {
            return "prefix part " + subdomainProblem(key.substring(0, slash));
        }
        String name = key.substring(slash + 1);
        if (name.length() > 63) {
            return "name part must be no more than 63 bytes";
        }
        return QUALIFIED.matcher(name).matches()
                ? ""
                : "name part must consist of alphanumeric characters, '-', '_' or '.', and must"
                        + " start and end with an alphanumeric character";
    }

    /** Values of labels: empty, or at most 63 characters. */
    public static String labelValueProblem(String value) {
        if (value.length() > 63) {
            return "must be no more than 63 bytes";
        }
        return value.isEmpty() || QUALIFIED.matcher(value).matches()
                ? ""
                : "a valid label must be an empty string or consist of alphanumeric characters,"
                        + " '-', '_' or '.', and must start and end with an alphanumeric"
                        + " character";
    }
}
