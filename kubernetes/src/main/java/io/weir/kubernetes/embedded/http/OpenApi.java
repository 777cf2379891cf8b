package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * OpenAPI version 3, one document for each group and version. It tells as much as clients use:
 * schemas for {@code kubectl explain}, and operations that say which writes validate fields.
 */
final class OpenApi {

    private static final String REFERENCE_PREFIX = "#/components/schemas/";

    private static final Set<String> WRITERS =
            Set.of("kubectl apply", "kubectl create", "kubectl replace", "kubectl diff");

    private final Kinds kinds;

    OpenApi(Kinds kinds) {
        this.kinds = kinds;
    }

    /** Returns where the documents are. The hash changes when the kinds do. */
    ObjectNode index() {
        ObjectNode index = Trees.object();
        ObjectNode paths = index.putObject("paths");
        String hash = Long.toHexString(kinds.revision());
        kinds.byGroup()
                .forEach((group, versions) ->
                        versions.keySet().forEach(version -> entry(paths, group, version, hash)));
        return index;
    }

    private static void entry(ObjectNode paths, String group, String version, String hash) {
        String path = root(group, version);
        paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash);
    }

    private static String root(String group, String version) {
        return group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
    }

    /**
     * Returns whether a client of this name, as kubectl tells it, looks at operations alone. These
     * commands read the document again for every object that they write, which takes several
     * milliseconds when it has schemas.
     */
    static boolean needsNoSchemas(String kubectlCommand) {
        return WRITERS.contains(kubectlCommand);
    }

    /**
     * Returns the document of a version.
     *
     * @param schemas whether to tell schemas
     */
    ObjectNode document(String group, String version, boolean schemas) {
        List<Served> served = kinds.byGroup().getOrDefault(group, Map.of()).get(version);
        if (served == null) {
            throw ApiError.noSuchPath();
        }
        ObjectNode document = Trees.object();
        document.put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", ApiVersion.GIT);
        ObjectNode paths = document.putObject("paths");
        ObjectNode types = document.putObject("components").putObject("schemas");
        for (Served each : served) {
            paths(paths, each, schemas);
            if (schemas) {
                schema(types, each);
            }
        }
        return document;
    }

    private static void paths(ObjectNode paths, Served served, boolean schemas) {
        KindInfo info = served.info();
        String base = "/" + root(info.group(), served.version().name()) + "/";
        String scope = info.namespaced() ? "namespaces/{namespace}/" : "";
        ObjectNode collection = paths.putObject(base + scope + info.plural());
        ObjectNode one = paths.putObject(base + scope + info.plural() + "/{name}");
        operation(one, "patch", "patch", served);
        if (schemas) {
            operation(collection, "get", "list", served);
            operation(collection, "post", "post", served);
            operation(one, "get", "get", served);
            operation(one, "put", "put", served);
            operation(one, "delete", "delete", served);
            collection.forEach(operation -> answer((ObjectNode) operation, served));
            one.forEach(operation -> answer((ObjectNode) operation, served));
        }
    }

    private static void operation(ObjectNode path, String method, String action, Served served) {
        ObjectNode operation = path.putObject(method);
        operation.put("x-kubernetes-action", action);
        operation.set("x-kubernetes-group-version-kind", kind(served));
        var parameters = operation.putArray("parameters");
        if (!method.equals("get")) {
            for (String name : List.of("dryRun", "fieldManager", "fieldValidation")) {
                ObjectNode parameter = parameters.addObject();
                parameter.put("name", name).put("in", "query");
                parameter.putObject("schema").put("type", "string").put("uniqueItems", true);
            }
        }
    }

    private static void answer(ObjectNode operation, Served served) {
        ObjectNode ok = operation.putObject("responses").putObject("200");
        ok.put("description", "OK");
        ok.putObject("content")
                .putObject("application/json")
                .putObject("schema")
                .put("$ref", REFERENCE_PREFIX + name(served));
    }

    private static ObjectNode kind(Served served) {
        ObjectNode kind = Trees.object();
        kind.put("group", served.info().group());
        kind.put("kind", served.info().kind());
        return kind.put("version", served.version().name());
    }

    private static String name(Served served) {
        String group = served.info().group().isEmpty() ? "core" : served.info().group();
        return group + "." + served.version().name() + "." + served.info().kind();
    }

    private static void schema(ObjectNode schemas, Served served) {
        ObjectNode schema = served.version().schema().published().deepCopy();
        schema.putArray("x-kubernetes-group-version-kind").add(kind(served));
        schemas.set(name(served), schema);
        addReferences(schemas, served.version().schema().components(), schema, new HashSet<>());
    }

    /** Adds every named type that a schema refers to, directly or not. */
    private static void addReferences(
            ObjectNode schemas, JsonNode components, JsonNode node, Set<String> seen) {
        JsonNode reference = node.get("$ref");
        if (reference != null && reference.asText().startsWith(REFERENCE_PREFIX)) {
            String name = reference.asText().substring(REFERENCE_PREFIX.length());
            if (seen.add(name) && !schemas.has(name)) {
                schemas.set(name, components.path(name));
                addReferences(schemas, components, components.path(name), seen);
            }
        }
        for (JsonNode child : node) {
            addReferences(schemas, components, child, seen);
        }
    }
}
