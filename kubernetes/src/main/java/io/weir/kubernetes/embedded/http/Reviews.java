package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Questions about permissions, which are asked by creating an object that is not stored. A user who
 * may write may do everything; others may look.
 */
final class Reviews {

    private static final Map<String, Map<String, String>> KINDS =
            Map.of(
                    "authentication.k8s.io",
                    Map.of("selfsubjectreviews", "SelfSubjectReview"),
                    "authorization.k8s.io",
                    Map.of(
                            "selfsubjectaccessreviews", "SelfSubjectAccessReview",
                            "selfsubjectrulesreviews", "SelfSubjectRulesReview"));
    private static final Set<String> LOOKING = Set.of("get", "list", "watch");

    private final Bodies bodies;

    Reviews(Bodies bodies) {
        this.bodies = bodies;
    }

    Set<String> groups() {
        return new java.util.TreeSet<>(KINDS.keySet());
    }

    /** Returns plural and kind of each review of a group. */
    Map<String, String> resources(String group) {
        return new java.util.TreeMap<>(KINDS.getOrDefault(group, Map.of()));
    }

    boolean isReview(RequestPath path) {
        return path.version().equals("v1") && resources(path.group()).containsKey(path.plural());
    }

    void serve(Call call, RequestPath path, User user) throws IOException {
        if (!call.method().equals("POST") || !path.name().isEmpty()) {
            throw ApiError.methodNotAllowed();
        }
        ObjectNode review = bodies.object(call);
        review.put("kind", resources(path.group()).get(path.plural()));
        review.put("apiVersion", path.group() + "/v1");
        ObjectNode status = review.putObject("status");
        switch (path.plural()) {
            case "selfsubjectaccessreviews" -> access(review, status, user);
            case "selfsubjectrulesreviews" -> rules(status, user);
            default -> self(status, user);
        }
        call.reply(201, review);
    }

    private static void access(ObjectNode review, ObjectNode status, User user) {
        String verb = Trees.text(review, "spec", "resourceAttributes", "verb");
        String plain = Trees.text(review, "spec", "nonResourceAttributes", "verb");
        boolean allowed = user.mayWrite() || LOOKING.contains(verb.isEmpty() ? plain : verb);
        status.put("allowed", allowed);
        if (!allowed) {
            status.put("reason", "the user may only look");
        }
    }

    private static void rules(ObjectNode status, User user) {
        List<String> verbs = user.mayWrite() ? List.of("*") : List.of("get", "list", "watch");
        ObjectNode resources = status.putArray("resourceRules").addObject();
        Discovery.texts(resources, "verbs", verbs);
        resources.putArray("apiGroups").add("*");
        resources.putArray("resources").add("*");
        ObjectNode others = status.putArray("nonResourceRules").addObject();
        Discovery.texts(others, "verbs", verbs);
        others.putArray("nonResourceURLs").add("*");
        status.put("incomplete", false);
    }

    private static void self(ObjectNode status, User user) {
        ObjectNode info = status.putObject("userInfo");
        info.put("username", user.name());
        Discovery.texts(info, "groups", user.groups());
    }
}
