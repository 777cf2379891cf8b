package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.engine.DeleteOptions;
import io.weir.kubernetes.embedded.engine.Patch;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.workload.Rollout.Limits;
import io.weir.kubernetes.embedded.workload.Rollout.Size;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Moves Pods from old ReplicaSets to the one of the present template, as far at once as the
 * strategy allows. A ReplicaSet of the same template is used again, with a new revision.
 */
final class Deployments {

    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final Set<String> OWN_ANNOTATIONS =
            Set.of(REVISION, "kubectl.kubernetes.io/last-applied-configuration");

    private final ApiClient client;
    private final DeploymentStatuses statuses;
    private final News news;

    Deployments(ApiClient client, InstantSource clock) {
        this.client = client;
        this.statuses = new DeploymentStatuses(client, clock);
        this.news = new News(client, clock, "deployment-controller");
    }

    void reconcile(ObjectNode deployment, Collection<ObjectNode> sets) {
        if (Trees.isDeleting(deployment)) {
            return;
        }
        List<ObjectNode> old =
                new ArrayList<>(
                        Owners.controlledBy(deployment, sets).stream()
                                .sorted(Comparator.comparingInt(Deployments::revision))
                                .toList());
        int latest = old.isEmpty() ? 0 : revision(old.getLast());
        ObjectNode current =
                old.reversed().stream()
                        .filter(set -> Templates.isOf(set, deployment))
                        .findFirst()
                        .orElse(null);
        int wanted = Trees.at(deployment, "spec", "replicas").asInt(1);
        Limits limits = Limits.of(deployment, wanted);
        boolean paused = Trees.at(deployment, "spec", "paused").asBoolean(false);
        if (current != null) {
            old.remove(current);
            if (!paused) {
                mark(
                        deployment,
                        current,
                        Math.max(revision(current), old.isEmpty() ? 1 : next(old)));
            }
        } else if (!paused) {
            create(deployment, old, wanted, limits, latest + 1);
            return;
        }
        if (paused) {
            scalePaused(deployment, current, old, wanted);
        } else if (current != null) {
            scale(deployment, current, old, wanted, limits);
            forget(deployment, old);
        }
        int least = isRecreated(deployment) ? wanted : wanted - limits.unavailable();
        statuses.write(
                deployment, current == null ? List.of() : List.of(current), old, wanted, least);
    }

    /** Returns the revision that is above all of these. */
    private static int next(List<ObjectNode> old) {
        return revision(old.getLast()) + 1;
    }

    private static boolean isRecreated(ObjectNode deployment) {
        return Trees.text(deployment, "spec", "strategy", "type").equals("Recreate");
    }

    private void create(
            ObjectNode deployment, List<ObjectNode> old, int wanted, Limits limits, int revision) {
        int first = step(deployment, null, old, wanted, limits).current();
        ObjectNode set = client.create(set(deployment, first, revision));
        if (first > 0) {
            tellScaled(deployment, set, 0, first);
        }
    }

    private static ObjectNode set(ObjectNode deployment, int replicas, int revision) {
        String hash = Templates.hash(deployment);
        ObjectNode set = Trees.object().put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
        ObjectNode metadata = Trees.metadata(set);
        metadata.put("name", Trees.name(deployment) + "-" + hash)
                .put("namespace", Trees.namespace(deployment));
        ObjectNode annotations = metadata.putObject("annotations");
        annotations(deployment, revision).forEach(annotations::put);
        ObjectNode template = Trees.objectAt(deployment, "spec", "template").deepCopy();
        Trees.child(Trees.metadata(template), "labels").put(Templates.HASH, hash);
        metadata.set("labels", Trees.at(template, "metadata", "labels").deepCopy());
        ObjectNode selector = Trees.objectAt(deployment, "spec", "selector").deepCopy();
        Trees.child(selector, "matchLabels").put(Templates.HASH, hash);
        ObjectNode spec = set.putObject("spec").put("replicas", replicas);
        int minReady = Trees.at(deployment, "spec", "minReadySeconds").asInt(0);
        if (minReady > 0) {
            spec.put("minReadySeconds", minReady);
        }
        spec.set("selector", selector);
        spec.set("template", template);
        Owners.control(set, deployment);
        return set;
    }

    /**
     * A ReplicaSet is annotated as its Deployment is, which keeps the cause of a change with it.
     */
    private static Map<String, String> annotations(ObjectNode deployment, int revision) {
        Map<String, String> annotations = new TreeMap<>(Trees.annotations(deployment));
        annotations.keySet().removeAll(OWN_ANNOTATIONS);
        annotations.put(REVISION, String.valueOf(revision));
        return annotations;
    }

    /** A Deployment of a file is what the file says, so only its ReplicaSet is marked. */
    private void mark(ObjectNode deployment, ObjectNode current, int revision) {
        annotate(current, annotations(deployment, revision));
        if (client.fileOf(deployment).isEmpty()) {
            annotate(deployment, Map.of(REVISION, String.valueOf(revision)));
        }
    }

    private void annotate(ObjectNode object, Map<String, String> wanted) {
        Map<String, String> present = Trees.annotations(object);
        if (present.entrySet().containsAll(wanted.entrySet())) {
            return;
        }
        ObjectNode patch = Trees.object();
        ObjectNode annotations = Trees.child(Trees.metadata(patch), "annotations");
        wanted.forEach(annotations::put);
        client.patch(object, new Patch.Merge(patch));
    }

    private Rollout step(
            ObjectNode deployment,
            @Nullable ObjectNode current,
            List<ObjectNode> old,
            int wanted,
            Limits limits) {
        List<Size> sizes = old.stream().map(Deployments::size).toList();
        if (isRecreated(deployment)) {
            boolean gone =
                    old.stream().allMatch(set -> Trees.at(set, "status", "replicas").asInt(0) == 0);
            return Rollout.recreate(wanted, sizes, gone);
        }
        Size size = current == null ? new Size(0, 0) : size(current);
        return Rollout.step(wanted, limits, size, sizes);
    }

    private void scale(
            ObjectNode deployment,
            ObjectNode current,
            List<ObjectNode> old,
            int wanted,
            Limits limits) {
        Rollout step = step(deployment, current, old, wanted, limits);
        scale(deployment, current, step.current());
        for (int i = 0; i < old.size(); i++) {
            scale(deployment, old.get(i), step.old().get(i));
        }
    }

    /** A paused Deployment starts no rollout, but has as many Pods as are wanted. */
    private void scalePaused(
            ObjectNode deployment, @Nullable ObjectNode current, List<ObjectNode> old, int wanted) {
        List<ObjectNode> all = new ArrayList<>(old);
        if (current != null) {
            all.add(current);
        }
        List<ObjectNode> active = all.stream().filter(set -> replicas(set) > 0).toList();
        int difference = wanted - all.stream().mapToInt(Deployments::replicas).sum();
        List<ObjectNode> from = active.isEmpty() ? all : active;
        if (from.isEmpty()) {
            return;
        }
        if (difference > 0) {
            scale(deployment, from.getLast(), replicas(from.getLast()) + difference);
        }
        int less = Math.max(0, -difference);
        for (ObjectNode set : from) {
            int now = Math.min(less, replicas(set));
            less -= now;
            if (now > 0) {
                scale(deployment, set, replicas(set) - now);
            }
        }
    }

    private void scale(ObjectNode deployment, ObjectNode set, int replicas) {
        int before = replicas(set);
        if (before != replicas) {
            ObjectNode patch = Trees.object();
            patch.putObject("spec").put("replicas", replicas);
            client.patch(set, new Patch.Merge(patch));
            tellScaled(deployment, set, before, replicas);
        }
    }

    private void tellScaled(ObjectNode deployment, ObjectNode set, int before, int replicas) {
        news.tell(
                deployment,
                "ScalingReplicaSet",
                "Scaled %s replica set %s from %d to %d"
                        .formatted(
                                replicas > before ? "up" : "down",
                                Trees.name(set),
                                before,
                                replicas));
    }

    private void forget(ObjectNode deployment, List<ObjectNode> old) {
        int limit = Trees.at(deployment, "spec", "revisionHistoryLimit").asInt(10);
        old.stream()
                .filter(set -> replicas(set) == 0)
                .limit(Math.max(0, old.size() - limit))
                .forEach(set -> client.delete(set, DeleteOptions.PLAIN));
    }

    private static Size size(ObjectNode set) {
        return new Size(replicas(set), Trees.at(set, "status", "availableReplicas").asInt(0));
    }

    private static int replicas(ObjectNode set) {
        return Trees.at(set, "spec", "replicas").asInt(0);
    }

    private static int revision(ObjectNode set) {
        String text = Trees.annotations(set).getOrDefault(REVISION, "0");
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }
}
