package io.weir.resource.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import io.weir.resource.Origin;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Knows the line of every field of one tree.
 *
 * <p>Positions are kept for each container in the order of its children, so that a tree costs two
 * numbers for each field; the walk from the root is only done when a problem has to be told.
 */
public final class LineIndex {

    private final String source;
    private final JsonNode root;
    private final Map<JsonNode, Spots> spots;

    LineIndex(String source, JsonNode root, Map<JsonNode, Spots> spots) {
        this.source = source;
        this.root = root;
        this.spots = spots;
    }

    /**
     * Returns an index for a tree that has no text, for instance one from an API server.
     *
     * @param source name of the source
     */
    public static LineIndex none(String source, JsonNode root) {
        return new LineIndex(source, root, Map.of());
    }

    /** Returns the file or other source of the tree. */
    public String source() {
        return source;
    }

    /** Returns where the tree begins. */
    public Origin origin() {
        Spots spot = spots.get(root);
        return new Origin(source, spot == null ? 0 : spot.line);
    }

    /**
     * Returns where a field is, or the nearest container of a field that is absent.
     *
     * @param path for instance {@code spec.rules[0].name}
     */
    public Origin origin(String path) {
        return origin(FieldPath.parse(path));
    }

    Origin origin(FieldPath path) {
        int line = origin().line();
        JsonNode at = root;
        for (FieldPath step : path.steps()) {
            Spots spot = spots.get(at);
            int child = childIndex(at, step);
            if (spot == null || child < 0) {
                break;
            }
            line = spot.childLine(child);
            JsonNode next = at.isArray() ? at.get(child) : at.get(step.name());
            if (next == null) {
                break;
            }
            at = next;
        }
        return new Origin(source, line);
    }

    /** Returns the position of the first child of a container; null when there is none. */
    @Nullable Place firstChild(JsonNode container) {
        Spots spot = spots.get(container);
        return spot == null || spot.size == 0
                ? null
                : new Place(spot.childLine(0), spot.children[1], spot.flow);
    }

    /** Returns the same lines for a part of the tree. */
    LineIndex within(JsonNode part) {
        return new LineIndex(source, part, spots);
    }

    private static int childIndex(JsonNode container, FieldPath step) {
        String name = step.name();
        if (container.isArray()) {
            return step.index() < container.size() ? step.index() : -1;
        }
        if (name == null) {
            return -1;
        }
        Iterator<String> names = container.fieldNames();
        for (int i = 0; names.hasNext(); i++) {
            if (names.next().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * A position in the text.
     *
     * @param line line, from 1
     * @param column column, from 0
     * @param flow whether the container is written with braces or brackets
     */
    record Place(int line, int column, boolean flow) {}

    /** Positions of a container and its children, in their order. */
    static final class Spots {
        private final int line;
        private final boolean flow;
        private int[] children = new int[8];
        private int size;

        Spots(int line, boolean flow) {
            this.line = line;
            this.flow = flow;
        }

        void add(int childLine, int childColumn) {
            if (2 * size == children.length) {
                children = Arrays.copyOf(children, 4 * size);
            }
            children[2 * size] = childLine;
            children[2 * size + 1] = childColumn;
            size++;
        }

        int childLine(int child) {
            return child < size ? children[2 * child] : line;
        }
    }

    static Map<JsonNode, Spots> newSpots() {
        return new IdentityHashMap<>();
    }
}
