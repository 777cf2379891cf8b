package io.weir.app.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.resource.ObjectKey;
import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.Resource;
import io.weir.resource.manifest.LoadResult;
import io.weir.resource.manifest.Manifest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shows the objects of files in the API, owned by their files. One thread at a time. */
public final class ApiFiles {

    /** What others need comes first. */
    private static final List<String> FIRST =
            List.of("Namespace", "GatewayClass", "ConfigMap", "Secret", "Service");

    private final ApiClient client;
    private final Map<ObjectKey, Shown> shown = new HashMap<>();

    /** Shows nothing yet. */
    public ApiFiles(ApiClient client) {
        this.client = client;
    }

    /** Removes what files of an earlier run brought and these do not have. */
    public void forgetOthers(LoadResult loaded) {
        for (KindInfo kind : client.kinds()) {
            String apiVersion = Trees.apiVersion(kind.group(), kind.storage().name());
            for (ObjectNode object : client.list(apiVersion, kind.kind(), "")) {
                ObjectKey key =
                        new ObjectKey(
                                kind.group(),
                                kind.kind(),
                                Trees.namespace(object),
                                Trees.name(object));
                if (!loaded.manifests().containsKey(key)) {
                    client.fileOf(object).ifPresent(file -> client.removeFromFile(object, file));
                }
            }
        }
    }

    /**
     * Shows what the files say now.
     *
     * @return what the API refuses
     */
    public List<Problem> show(LoadResult loaded) {
        List<Problem> problems = new ArrayList<>();
        List<Resource> objects = new ArrayList<>(loaded.objects().all());
        objects.sort(Comparator.comparingInt(ApiFiles::order));
        for (Resource object : objects) {
            Manifest manifest = loaded.manifests().get(object.key());
            if (manifest != null) {
                show(object, manifest, problems);
            }
        }
        for (ObjectKey key : List.copyOf(shown.keySet())) {
            if (!loaded.manifests().containsKey(key)) {
                remove(key, problems);
            }
        }
        return problems;
    }

    private static int order(Resource object) {
        int index = FIRST.indexOf(object.kind());
        return index < 0 ? FIRST.size() : index;
    }

    private void show(Resource object, Manifest manifest, List<Problem> problems) {
        Origin origin = manifest.lines().origin();
        Shown now = new Shown(manifest.tree(), origin);
        Shown before = shown.get(object.key());
        if (before != null && before.tree().equals(now.tree())) {
            return;
        }
        try {
            createNamespace(object.metadata().namespace());
            ObjectNode stored = client.putFromFile(manifest.tree(), origin.toString());
            if (object.kind().equals("Pod")) {
                showAddress(stored, manifest.tree());
            }
            shown.put(object.key(), now);
        } catch (ApiError e) {
            problems.add(problem(origin, object.key(), e));
        }
    }

    private void createNamespace(String name) {
        if (!name.isEmpty() && client.get("v1", "Namespace", "", name).isEmpty()) {
            ObjectNode namespace = Trees.object().put("apiVersion", "v1").put("kind", "Namespace");
            Trees.metadata(namespace).put("name", name);
            client.create(namespace);
        }
    }

    /** A Pod of a file that says where it is runs somewhere already. */
    private void showAddress(ObjectNode stored, ObjectNode tree) {
        ObjectNode written = Trees.objectAt(tree, "status");
        if (Trees.text(written, "podIP").isEmpty()) {
            return;
        }
        ObjectNode status = written.deepCopy();
        status.put("phase", "Running");
        if (!status.has("conditions")) {
            status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
        }
        client.setStatus(stored, status);
    }

    private void remove(ObjectKey key, List<Problem> problems) {
        Shown before = shown.remove(key);
        if (before != null) {
            try {
                client.removeFromFile(before.tree(), before.origin().toString());
            } catch (ApiError e) {
                problems.add(problem(before.origin(), key, e));
            }
        }
    }

    private static Problem problem(Origin origin, ObjectKey key, ApiError error) {
        return new Problem(
                Severity.WARNING,
                origin,
                key.toString(),
                "",
                "kubectl does not see this object: " + error.getMessage());
    }

    /**
     * An object that the API shows.
     *
     * @param tree as the file has it
     * @param origin file and line
     */
    private record Shown(ObjectNode tree, Origin origin) {}
}
