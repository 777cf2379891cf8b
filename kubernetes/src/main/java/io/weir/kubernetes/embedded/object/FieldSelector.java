package io.weir.kubernetes.embedded.object;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which values some fields of an object must have.
 *
 * @param terms all of them must hold; none means that everything matches
 */
public record FieldSelector(List<Term> terms) {

    /** Matches every object. */
    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    public FieldSelector {
        terms = List.copyOf(terms);
    }

    /**
     * One comparison.
     *
     * @param path for instance {@code involvedObject.name}
     * @param value the value; an absent field counts as empty text
     * @param equal whether the field must have the value, or must not
     */
    public record Term(String path, String value, boolean equal) {

        boolean matches(JsonNode object) {
            JsonNode node = Trees.at(object, path.split("\\.", -1));
            return node.asText("").equals(value) == equal;
        }
    }

    /** Returns whether the object satisfies every term. */
    public boolean matches(JsonNode object) {
        for (Term term : terms) {
            if (!term.matches(object)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads the text form, {@code metadata.name=a,status.phase!=Running}; 400 when it is malformed
     * or names a field that cannot be selected by.
     */
    public static FieldSelector parse(String text, Set<String> supported) {
        if (text.isBlank()) {
            return EVERYTHING;
        }
        List<Term> terms = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            terms.add(term(part.strip(), text, supported));
        }
        return new FieldSelector(terms);
    }

    private static Term term(String part, String whole, Set<String> supported) {
        int at = part.indexOf('=');
        if (at <= 0) {
            throw ApiError.badRequest(
                    "invalid selector: '%s'; can't understand '%s'".formatted(whole, part));
        }
        boolean equal = part.charAt(at - 1) != '!';
        String path = part.substring(0, equal ? at : at - 1).strip();
        int valueAt = part.startsWith("==", at) ? at + 2 : at + 1;
        if (!supported.contains(path)) {
            throw ApiError.badRequest("field label not supported: " + path);
        }
        return new Term(path, part.substring(valueAt).strip(), equal);
    }
}
