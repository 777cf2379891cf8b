package io.weir.kubernetes.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds out what people should hear of a new status: what is bad now, what is no longer bad, and
 * that an object has been accepted.
 */
final class StatusChanges {

    /** Conditions that are bad when they hold. */
    private static final Set<String> FAULTS =
            Set.of("Conflicted", "PartiallyInvalid", "Overlapped");

    private static final List<String> LISTS = List.of("parents", "parent", "ancestors");

    private StatusChanges() {}

    /**
     * One piece of news.
     *
     * @param good whether it is good
     * @param reason one word
     * @param message for people
     */
    record News(boolean good, String reason, String message) {}

    static List<News> between(ObjectNode before, ObjectNode after) {
        List<News> news = new ArrayList<>();
        compare("", Trees.arrayAt(before, "conditions"), Trees.arrayAt(after, "conditions"), news);
        for (JsonNode listener : Trees.arrayAt(after, "listeners")) {
            String name = Trees.text(listener, "name");
            JsonNode old = StatusTree.find(Trees.arrayAt(before, "listeners"), name);
            compare(
                    "listener " + name + ": ",
                    Trees.arrayAt(old, "conditions"),
                    Trees.arrayAt(listener, "conditions"),
                    news);
        }
        for (String list : LISTS) {
            for (JsonNode entry : Trees.arrayAt(after, list)) {
                compareParent(Trees.arrayAt(before, list), entry, news);
            }
        }
        return news;
    }

    private static void compareParent(ArrayNode before, JsonNode entry, List<News> news) {
        JsonNode reference = reference(entry);
        ArrayNode old = Trees.array();
        for (JsonNode candidate : before) {
            if (SameTree.test(reference(candidate), reference)) {
                old = Trees.arrayAt(candidate, "conditions");
            }
        }
        String parent =
                Trees.text(reference, "kind")
                        + " "
                        + Trees.text(reference, "namespace")
                        + "/"
                        + Trees.text(reference, "name")
                        + ": ";
        compare(parent, old, Trees.arrayAt(entry, "conditions"), news);
    }

    private static JsonNode reference(JsonNode entry) {
        JsonNode parent = Trees.at(entry, "parentRef");
        return parent.isObject() ? parent : Trees.at(entry, "ancestorRef");
    }

    private static void compare(
            String subject, ArrayNode before, ArrayNode after, List<News> news) {
        for (JsonNode condition : after) {
            String type = Trees.text(condition, "type");
            JsonNode old = ConditionTree.find(before, type);
            String was = Trees.text(old, "status");
            String is = Trees.text(condition, "status");
            boolean good = isGood(type, is);
            boolean wasBad = !was.isEmpty() && !was.equals("Unknown") && !isGood(type, was);
            // what nobody has looked at yet is no news
            boolean changed = !was.equals(is) && !is.equals("Unknown");
            boolean first = type.equals("Accepted") && good;
            if (changed && (!good || wasBad || first)) {
                news.add(news(subject, good, condition));
            }
        }
    }

    private static News news(String subject, boolean good, JsonNode condition) {
        String text = Trees.text(condition, "message");
        return new News(
                good,
                Trees.text(condition, "reason"),
                subject
                        + Trees.text(condition, "type")
                        + " is "
                        + Trees.text(condition, "status")
                        + (text.isEmpty() ? "" : ": " + text));
    }

    private static boolean isGood(String type, String status) {
        return status.equals(FAULTS.contains(type) ? "False" : "True");
    }
}
