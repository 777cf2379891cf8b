package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.store.ObjectStore;
import io.weir.kubernetes.embedded.store.StorageException;
import io.weir.kubernetes.embedded.store.Stored;

import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * Deleting, which may take two steps: an object that something holds is marked with a time, and
 * goes when the last finalizer has been taken away. Running Pods are held by whoever runs them,
 * namespaces by what is in them.
 */
final class Deletion {

    private static final Set<String> PROTECTED = Set.of("default", "kube-system", "kube-public");

    private final Engine engine;
    private final ObjectStore store;
    private final Clockwork clockwork;

    Deletion(Engine engine, ObjectStore store, Clockwork clockwork) {
        this.engine = engine;
        this.store = store;
        this.clockwork = clockwork;
    }

    Engine.Deleted delete(Ref ref, DeleteOptions options) {
        while (true) {
            Stored old = store.get(ref.key()).orElseThrow(ref::notFound);
            requirePreconditions(ref, old, options);
            requireDeletable(ref, old, options);
            try {
                return attempt(ref, old, options);
            } catch (ObjectStore.VersionConflict e) {
                // read it again: a deletion is never lost to a race
            } catch (StorageException e) {
                throw Engine.unavailable(e);
            }
        }
    }

    private Engine.Deleted attempt(Ref ref, Stored old, DeleteOptions options)
            throws ObjectStore.VersionConflict {
        long grace = grace(ref, old, options);
        ObjectNode marked = marked(ref, old, options, grace);
        boolean gone = grace == 0 && nothingHolds(marked);
        if (options.dryRun()) {
            return new Engine.Deleted(Engine.spoken(ref.served(), old), gone);
        }
        if (gone) {
            Stored last = store.delete(ref.key(), old.version());
            return new Engine.Deleted(Engine.spoken(ref.served(), last), true);
        }
        if (marked.equals(old.object())) {
            return new Engine.Deleted(Engine.spoken(ref.served(), old), false);
        }
        Stored waiting = store.replace(ref.key(), old.version(), marked, old.file());
        return new Engine.Deleted(Engine.spoken(ref.served(), waiting), false);
    }

    /** Returns how many seconds a Pod may take to stop; 0 for everything that does not run. */
    private static long grace(Ref ref, Stored old, DeleteOptions options) {
        boolean runs =
                ref.served().info().resource().equals("pods")
                        && !Trees.text(old.object(), "spec", "nodeName").isEmpty();
        if (!runs || options.gracePeriodSeconds() == 0) {
            return 0;
        }
        if (options.gracePeriodSeconds() > 0) {
            return options.gracePeriodSeconds();
        }
        return Math.max(
                1, Trees.at(old.object(), "spec", "terminationGracePeriodSeconds").asLong(30));
    }

    private ObjectNode marked(Ref ref, Stored old, DeleteOptions options, long grace) {
        ObjectNode object = old.object().deepCopy();
        ObjectNode metadata = Trees.metadata(object);
        switch (options.propagation()) {
            case FOREGROUND -> addFinalizer(metadata, "foregroundDeletion");
            case ORPHAN -> addFinalizer(metadata, "orphan");
            case BACKGROUND -> {}
        }
        if (!Trees.isDeleting(object)) {
            metadata.put(
                    "deletionTimestamp",
                    clockwork
                            .instant()
                            .plusSeconds(grace)
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString());
            if (ref.served().info().hasGeneration()) {
                metadata.put("generation", metadata.path("generation").asLong(1) + 1);
            }
        }
        metadata.put("deletionGracePeriodSeconds", grace);
        if (ref.served().info().resource().equals("namespaces")) {
            Trees.child(object, "status").put("phase", "Terminating");
        }
        return object;
    }

    private static void addFinalizer(ObjectNode metadata, String finalizer) {
        ArrayNode finalizers = Trees.childArray(metadata, "finalizers");
        if (finalizers.valueStream().noneMatch(name -> name.asText().equals(finalizer))) {
            finalizers.add(finalizer);
        }
    }

    /** Returns whether no finalizer holds an object. */
    static boolean nothingHolds(ObjectNode object) {
        boolean stopping = Trees.at(object, "metadata", "deletionGracePeriodSeconds").asLong(0) > 0;
        return !stopping
                && Trees.arrayAt(object, "metadata", "finalizers").isEmpty()
                && (Trees.text(object, "kind").equals("Namespace")
                                ? Trees.arrayAt(object, "spec", "finalizers")
                                : Trees.array())
                        .isEmpty();
    }

    private static void requirePreconditions(Ref ref, Stored old, DeleteOptions options) {
        String uid = Trees.uid(old.object());
        if (!options.uid().isEmpty() && !options.uid().equals(uid)) {
            throw ApiError.conflict(
                    ref.served().info().subject(ref.name()),
                    "Precondition failed: UID in precondition: %s, UID in object meta: %s"
                            .formatted(options.uid(), uid));
        }
        String version = String.valueOf(old.version());
        if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(version)) {
            throw ApiError.conflict(
                    ref.served().info().subject(ref.name()),
                    "Precondition failed: ResourceVersion in precondition: %s, ResourceVersion in"
                                    .formatted(options.resourceVersion())
                            + " object meta: "
                            + version);
        }
    }

    private void requireDeletable(Ref ref, Stored old, DeleteOptions options) {
        if (old.isFromFile() && options.file().isEmpty()) {
            throw FileObjects.refusal(ref, old.file());
        }
        if (!ref.served().info().resource().equals("namespaces")) {
            return;
        }
        if (PROTECTED.contains(ref.name())) {
            throw ApiError.forbidden(
                    ref.served().info().subject(ref.name()), "this namespace may not be deleted");
        }
        requireNoFileObjects(ref);
    }

    /** A namespace goes with everything in it, and what files own can't go. */
    private void requireNoFileObjects(Ref ref) {
        for (String resource : engine.store().resources()) {
            for (Stored item : store.list(resource, ref.name()).items()) {
                if (item.isFromFile()) {
                    throw ApiError.forbidden(
                            ref.served().info().subject(ref.name()),
                            "it holds %s, which comes from the file %s"
                                    .formatted(item.key(), item.file()));
                }
            }
        }
    }
}
