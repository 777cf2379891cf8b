package io.weir.resource.manifest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Finds entries of a list that may occur only once. */
final class Unique {

    private Unique() {}

    /**
     * Records an error for each entry whose key an earlier one has. Objects that have errors
     * already are let pass, because stand-ins for bad values would look alike.
     *
     * @param items entries as written
     * @param field the field to blame; empty for the whole entry
     * @param keys the decoded entries, in the same order
     * @param rule the rule in words
     */
    static <T, K> void check(
            List<Fields> items, String field, List<T> keys, Function<T, K> key, String rule) {
        if (items.isEmpty() || items.getFirst().failed()) {
            return;
        }
        Map<K, Integer> seen = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            K value = key.apply(keys.get(i));
            if (seen.putIfAbsent(value, i) != null) {
                String message = value + " again (expected: " + rule + ")";
                if (field.isEmpty()) {
                    items.get(i).error(message);
                } else {
                    items.get(i).error(field, message);
                }
            }
        }
    }

    /**
     * Records an error for each text or number that is in a list already.
     *
     * @param owner the map that holds the list
     * @param list name of the list
     * @param values its entries
     * @param rule the rule in words
     */
    static void check(Fields owner, String list, List<?> values, String rule) {
        if (owner.failed()) {
            return;
        }
        for (int i = 0; i < values.size(); i++) {
            if (values.indexOf(values.get(i)) < i) {
                owner.error(list, i, values.get(i) + " again" + Fields.expected(rule));
            }
        }
    }
}
