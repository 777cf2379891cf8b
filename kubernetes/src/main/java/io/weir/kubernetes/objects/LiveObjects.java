package io.weir.kubernetes.objects;

import com.fasterxml.jackson.databind.JsonNode;

import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.Resource;
import io.weir.resource.manifest.DecodeResult;
import io.weir.resource.manifest.DecodeResult.Decoded;
import io.weir.resource.manifest.DecodeResult.Refused;
import io.weir.resource.manifest.DecodeResult.Unknown;
import io.weir.resource.manifest.LineIndex;
import io.weir.resource.manifest.ResourceDecoder;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The objects of an API server, kept up to date one by one.
 *
 * <p>A change costs the decoding of that object; the set is put together when it is asked for, from
 * the set before and what changed since.
 */
public final class LiveObjects {

    private final String source;
    private final ResourceDecoder decoder;
    private final Map<ObjectKey, Optional<Resource>> changes = new HashMap<>();
    private final Map<ObjectKey, List<Problem>> problems = new HashMap<>();
    private final Set<ObjectKey> refused = new HashSet<>();
    private ObjectSet objects = ObjectSet.EMPTY;

    /**
     * Makes an empty set.
     *
     * @param source where objects come from, as problems name it, for instance {@code kubectl}
     * @param clock the creation time of objects that have none
     */
    public LiveObjects(String source, InstantSource clock) {
        this.source = source;
        this.decoder = new ResourceDecoder(key -> clock.instant());
    }

    /**
     * Takes an object that is new or changed. Objects of kinds that configure nothing are left out.
     *
     * @param tree the object, as the API has it
     * @return whether anything that configures the gateway, or a problem, is different now
     */
    public boolean put(JsonNode tree) {
        return take(tree, decoder.decode(tree, LineIndex.none(source, tree)));
    }

    private boolean take(JsonNode tree, DecodeResult result) {
        return switch (result) {
            case Decoded decoded -> accept(decoded.resource(), decoded.warnings());
            case Refused bad -> refuse(bad.key() == null ? keyOf(tree) : bad.key(), bad.problems());
            case Unknown _ -> false;
        };
    }

    private boolean accept(Resource resource, List<Problem> warnings) {
        ObjectKey key = resource.key();
        boolean mended = refused.remove(key);
        boolean told = tell(key, warnings);
        if (find(key).filter(resource::equals).isPresent()) {
            return told || mended;
        }
        changes.put(key, Optional.of(resource));
        return true;
    }

    private boolean refuse(ObjectKey key, List<Problem> found) {
        refused.add(key);
        List<Problem> all = new ArrayList<>(found);
        find(key).ifPresent(old -> all.add(stays(old)));
        return tell(key, all);
    }

    private boolean tell(ObjectKey key, List<Problem> found) {
        List<Problem> before = found.isEmpty() ? problems.remove(key) : problems.put(key, found);
        return !found.equals(before == null ? List.of() : before);
    }

    private static Problem stays(Resource old) {
        return new Problem(
                Severity.WARNING,
                old.metadata().origin(),
                old.key().toString(),
                "",
                "stays in force as it was before");
    }

    /**
     * Removes an object.
     *
     * @return whether it was there
     */
    public boolean remove(JsonNode tree) {
        return remove(keyOf(tree));
    }

    /**
     * Removes an object.
     *
     * @return whether it was there
     */
    public boolean remove(ObjectKey key) {
        boolean known = find(key).isPresent();
        if (known) {
            changes.put(key, Optional.empty());
        }
        boolean wasRefused = refused.remove(key);
        boolean complained = problems.remove(key) != null;
        return known || wasRefused || complained;
    }

    /**
     * Replaces everything, as after a new list: what is not among these objects is removed.
     *
     * @return whether anything is different now
     */
    public boolean replaceAll(Collection<? extends JsonNode> trees) {
        Set<ObjectKey> gone = keys();
        boolean changed = false;
        for (JsonNode tree : trees) {
            changed |= put(tree);
            gone.remove(keyOf(tree));
        }
        for (ObjectKey key : gone) {
            changed |= remove(key);
        }
        return changed;
    }

    private Set<ObjectKey> keys() {
        Set<ObjectKey> keys = new HashSet<>(problems.keySet());
        objects().all().forEach(resource -> keys.add(resource.key()));
        return keys;
    }

    /** Returns the objects that are in force. */
    public ObjectSet objects() {
        if (changes.isEmpty()) {
            return objects;
        }
        List<Resource> present = new ArrayList<>();
        List<ObjectKey> absent = new ArrayList<>();
        changes.forEach(
                (key, resource) -> resource.ifPresentOrElse(present::add, () -> absent.add(key)));
        if (!absent.isEmpty()) {
            objects = objects.without(absent);
        }
        if (!present.isEmpty()) {
            objects = objects.with(present);
        }
        changes.clear();
        return objects;
    }

    /** Returns what is wrong with objects, in the order of their names. */
    public List<Problem> problems() {
        Map<String, List<Problem>> sorted = new TreeMap<>();
        problems.forEach((key, found) -> sorted.put(key + " " + key.group(), found));
        return sorted.values().stream().flatMap(List::stream).toList();
    }

    /** Returns the objects whose present version is refused. */
    public Set<ObjectKey> refused() {
        return Set.copyOf(refused);
    }

    /** Returns the object of a key, as it is in force. */
    public Optional<Resource> find(ObjectKey key) {
        Optional<Resource> changed = changes.get(key);
        return changed == null ? objects.find(key) : changed;
    }

    /** Returns what identifies an object. */
    public static ObjectKey keyOf(JsonNode tree) {
        String apiVersion = tree.path("apiVersion").asText();
        int slash = apiVersion.indexOf('/');
        JsonNode metadata = tree.path("metadata");
        return new ObjectKey(
                slash < 0 ? "" : apiVersion.substring(0, slash),
                tree.path("kind").asText(),
                metadata.path("namespace").asText(),
                metadata.path("name").asText());
    }
}
