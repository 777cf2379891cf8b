package io.weir.kubernetes.status;

import com.fasterxml.jackson.databind.JsonNode;

/** Whether two trees say the same: a number is the same however many bits hold it. */
final class SameTree {

    private SameTree() {}

    static boolean test(JsonNode one, JsonNode other) {
        return one.equals(SameTree::compare, other);
    }

    private static int compare(JsonNode one, JsonNode other) {
        if (one.isIntegralNumber() && other.isIntegralNumber()) {
            return Long.compare(one.longValue(), other.longValue());
        }
        return one.equals(other) ? 0 : 1;
    }
}
