package io.weir.picker.setup;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import java.io.StringReader;

/** Finds the line of a YAML document on which a field stands. */
final class YamlLines {

    private YamlLines() {}

    /**
     * Returns the line of a field, counted from 1; that of what it should be in when it is missing.
     *
     * @param text a document that can be read
     * @param path such as {@code plugins[2].parameters.threshold}
     */
    static int of(String text, String path, LoaderOptions options) {
        Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
        if (root == null) {
            return 1;
        }
        Node at = root;
        Node line = root;
        String rest = path;
        while (!rest.isEmpty()) {
            Step step = step(at, rest);
            if (step == null) {
                break;
            }
            at = step.value;
            line = step.named;
            rest = step.rest;
        }
        return line.getStartMark().getLine() + 1;
    }

    /**
     * One step along a path.
     *
     * @param named what stands on the line
     * @param value what the path goes on in
     * @param rest the rest of the path
     */
    private record Step(Node named, Node value, String rest) {}

    private static @Nullable Step step(Node at, String path) {
        if (at instanceof SequenceNode list && path.startsWith("[")) {
            return item(list, path);
        }
        return at instanceof MappingNode map ? entry(map, path) : null;
    }

    private static @Nullable Step item(SequenceNode list, String path) {
        int end = path.indexOf(']');
        int index = Integer.parseInt(path, 1, end, 10);
        if (index >= list.getValue().size()) {
            return null;
        }
        Node item = list.getValue().get(index);
        return new Step(item, item, unseparated(path.substring(end + 1)));
    }

    /** Names may have points themselves: the longest that fits is meant. */
    private static @Nullable Step entry(MappingNode map, String path) {
        Step longest = null;
        for (NodeTuple tuple : map.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key && begins(path, key.getValue())) {
                String rest = unseparated(path.substring(key.getValue().length()));
                if (longest == null || rest.length() < longest.rest.length()) {
                    longest = new Step(key, tuple.getValueNode(), rest);
                }
            }
        }
        return longest;
    }

    private static boolean begins(String path, String name) {
        return path.startsWith(name)
                && (path.length() == name.length()
                        || ".[".indexOf(path.charAt(name.length())) >= 0);
    }

    private static String unseparated(String rest) {
        return rest.startsWith(".") ? rest.substring(1) : rest;
    }
}
