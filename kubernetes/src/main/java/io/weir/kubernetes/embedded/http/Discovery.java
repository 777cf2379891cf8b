package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.kind.KindVersion;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The plain form of discovery: groups, and the resources of each version. */
final class Discovery {

    static final List<String> VERBS =
            List.of(
                    "create",
                    "delete",
                    "deletecollection",
                    "get",
                    "list",
                    "patch",
                    "update",
                    "watch");
    static final List<String> STATUS_VERBS = List.of("get", "patch", "update");

    private final Kinds kinds;
    private final Reviews reviews;

    Discovery(Kinds kinds, Reviews reviews) {
        this.kinds = kinds;
        this.reviews = reviews;
    }

    /**
     * Returns the versions of every group, those of reviews included; the core group is {@code ""}.
     */
    Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        kinds.byGroup()
                .forEach((group, versions) -> groups.put(group, List.copyOf(versions.keySet())));
        reviews.groups().forEach(group -> groups.put(group, List.of("v1")));
        return groups;
    }

    ObjectNode core() {
        ObjectNode node = Trees.object();
        node.put("kind", "APIVersions");
        node.putArray("versions").add("v1");
        node.putArray("serverAddressByClientCIDRs");
        return node;
    }

    ObjectNode groupList() {
        ObjectNode list = Trees.object();
        list.put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode array = list.putArray("groups");
        groups().forEach((group, versions) -> {
            if (!group.isEmpty()) {
                array.add(describe(group, versions));
            }
        });
        return list;
    }

    ObjectNode group(String group) {
        List<String> versions = groups().get(group);
        if (versions == null || group.isEmpty()) {
            throw ApiError.noSuchPath();
        }
        ObjectNode node = describe(group, versions);
        node.put("kind", "APIGroup").put("apiVersion", "v1");
        return node;
    }

    private static ObjectNode describe(String group, List<String> versions) {
        ObjectNode node = Trees.object();
        node.put("name", group);
        ArrayNode array = node.putArray("versions");
        versions.forEach(version -> array.add(version(group, version)));
        node.set("preferredVersion", version(group, versions.getFirst()));
        return node;
    }

    private static ObjectNode version(String group, String version) {
        ObjectNode node = Trees.object();
        node.put("groupVersion", Trees.apiVersion(group, version)).put("version", version);
        return node;
    }

    ObjectNode resources(String group, String version) {
        List<Served> served = kinds.byGroup().getOrDefault(group, Map.of()).get(version);
        if (served == null && !(reviews.groups().contains(group) && version.equals("v1"))) {
            throw ApiError.noSuchPath();
        }
        ObjectNode list = Trees.object();
        list.put("kind", "APIResourceList").put("apiVersion", "v1");
        list.put("groupVersion", Trees.apiVersion(group, version));
        ArrayNode array = list.putArray("resources");
        if (served != null) {
            served.forEach(each -> add(array, each));
        }
        reviews.resources(group).forEach((plural, kind) -> review(array.addObject(), plural, kind));
        return list;
    }

    private static void review(ObjectNode node, String plural, String kind) {
        node.put("name", plural).put("singularName", "").put("namespaced", false);
        node.put("kind", kind).putArray("verbs").add("create");
    }

    private static void add(ArrayNode array, Served served) {
        KindInfo info = served.info();
        ObjectNode node = array.addObject();
        node.put("name", info.plural()).put("singularName", info.singular());
        node.put("namespaced", info.namespaced()).put("kind", info.kind());
        texts(node, "verbs", VERBS);
        texts(node, "shortNames", info.shortNames());
        texts(node, "categories", info.categories());
        KindVersion version = served.version();
        if (version.hasStatus()) {
            subresource(array, info, "status", info.kind(), STATUS_VERBS);
        }
        if (version.scale().isPresent()) {
            ObjectNode scale = subresource(array, info, "scale", "Scale", STATUS_VERBS);
            scale.put("group", "autoscaling").put("version", "v1");
        }
        version.subresources()
                .forEach(name -> subresource(array, info, name, info.kind(), verbs(name)));
    }

    static List<String> verbs(String subresource) {
        return List.of(subresource.equals("token") ? "create" : "get");
    }

    private static ObjectNode subresource(
            ArrayNode array, KindInfo info, String name, String kind, List<String> verbs) {
        ObjectNode node = array.addObject();
        node.put("name", info.plural() + "/" + name).put("singularName", "");
        node.put("namespaced", info.namespaced()).put("kind", kind);
        texts(node, "verbs", verbs);
        return node;
    }

    static void texts(ObjectNode node, String key, List<String> texts) {
        if (!texts.isEmpty()) {
            ArrayNode array = node.putArray(key);
            texts.forEach(array::add);
        }
    }
}
