package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.GroupVersions;
import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.kind.KindVersion;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.store.ObjectStore;

import java.util.Set;

/** The form of discovery that tells everything in two answers. */
final class AggregatedDiscovery {

    static final String MEDIA_TYPE =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final Kinds kinds;
    private final ObjectStore store;
    private final Reviews reviews;

    AggregatedDiscovery(Kinds kinds, ObjectStore store, Reviews reviews) {
        this.kinds = kinds;
        this.store = store;
        this.reviews = reviews;
    }

    /** Returns whether a client asks for this form. */
    static boolean isAskedFor(Call call) {
        for (String part : call.header("Accept").split(",", -1)) {
            if (part.contains("as=APIGroupDiscoveryList") && part.contains("v=v2;")) {
                return true;
            }
        }
        return false;
    }

    /**
     * @param core whether the core group is told, or all others
     */
    ObjectNode list(boolean core) {
        ObjectNode list = Trees.object();
        list.put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        for (GroupVersions part : kinds.discovery(Set.copyOf(store.resources())::contains)) {
            if (part.group().isEmpty() == core) {
                group(items.addObject(), part);
            }
        }
        if (!core) {
            reviews.groups().forEach(group -> reviewGroup(items.addObject(), group));
        }
        return list;
    }

    private static void group(ObjectNode item, GroupVersions part) {
        name(item, part.group());
        ArrayNode array = item.putArray("versions");
        part.versions()
                .forEach((version, served) -> {
                    ArrayNode resources = version(array.addObject(), version);
                    served.forEach(each -> resource(resources.addObject(), each));
                });
    }

    private void reviewGroup(ObjectNode item, String group) {
        name(item, group);
        ArrayNode resources = version(item.putArray("versions").addObject(), "v1");
        reviews.resources(group)
                .forEach((plural, kind) -> {
                    ObjectNode resource = resources.addObject();
                    resource.put("resource", plural);
                    kind(resource, group, "v1", kind);
                    resource.put("scope", "Cluster").put("singularResource", "");
                    resource.putArray("verbs").add("create");
                });
    }

    private static void name(ObjectNode item, String group) {
        ObjectNode metadata = item.putObject("metadata");
        if (!group.isEmpty()) {
            metadata.put("name", group);
        }
    }

    private static ArrayNode version(ObjectNode node, String version) {
        node.put("version", version);
        ArrayNode resources = node.putArray("resources");
        node.put("freshness", "Current");
        return resources;
    }

    private static void resource(ObjectNode node, Served served) {
        KindInfo info = served.info();
        KindVersion version = served.version();
        node.put("resource", info.plural());
        kind(node, info.group(), version.name(), info.kind());
        node.put("scope", info.namespaced() ? "Namespaced" : "Cluster");
        node.put("singularResource", info.singular());
        Discovery.texts(node, "verbs", Discovery.VERBS);
        Discovery.texts(node, "shortNames", info.shortNames());
        Discovery.texts(node, "categories", info.categories());
        ArrayNode subresources = Trees.array();
        if (version.hasStatus()) {
            ObjectNode status = subresources.addObject().put("subresource", "status");
            kind(status, info.group(), version.name(), info.kind());
            Discovery.texts(status, "verbs", Discovery.STATUS_VERBS);
        }
        if (version.scale().isPresent()) {
            ObjectNode scale = subresources.addObject().put("subresource", "scale");
            kind(scale, "autoscaling", "v1", "Scale");
            Discovery.texts(scale, "verbs", Discovery.STATUS_VERBS);
        }
        for (String name : version.subresources()) {
            ObjectNode other = subresources.addObject().put("subresource", name);
            kind(other, info.group(), version.name(), info.kind());
            Discovery.texts(other, "verbs", Discovery.verbs(name));
        }
        if (!subresources.isEmpty()) {
            node.set("subresources", subresources);
        }
    }

    private static void kind(ObjectNode node, String group, String version, String kind) {
        ObjectNode response = node.putObject("responseKind");
        response.put("group", group).put("version", version).put("kind", kind);
    }
}
