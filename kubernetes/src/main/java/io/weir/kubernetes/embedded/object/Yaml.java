package io.weir.kubernetes.embedded.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads YAML request bodies and manifest files into trees. */
public final class Yaml {

    private static final int MAX_ALIASES = 50;
    private static final int MAX_DEPTH = 100;
    private static final int MAX_NODES = 1_000_000;

    private Yaml() {}

    /**
     * Reads one document.
     *
     * @throws ApiError 400 when the text is not YAML
     */
    public static JsonNode parse(byte[] yaml, boolean strict) {
        try {
            Object loaded = loader(strict).load(new String(yaml, StandardCharsets.UTF_8));
            return new Conversion().tree(loaded, 0);
        } catch (YAMLException | IllegalArgumentException e) {
            throw ApiError.badRequest("error converting YAML to JSON: " + e.getMessage());
        }
    }

    /** Reads every object of a text with {@code ---} between documents; empty ones are skipped. */
    public static List<ObjectNode> parseAll(String yaml) {
        List<ObjectNode> objects = new ArrayList<>();
        for (Object document : loader(true).loadAll(yaml)) {
            if (new Conversion().tree(document, 0) instanceof ObjectNode object) {
                objects.add(object);
            }
        }
        return objects;
    }

    private static org.yaml.snakeyaml.Yaml loader(boolean strict) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(!strict);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(8 << 20);
        DumperOptions dump = new DumperOptions();
        return new org.yaml.snakeyaml.Yaml(
                new SafeConstructor(options),
                new Representer(dump),
                dump,
                options,
                new WithoutDates());
    }

    /** Copies what was loaded; aliases make it deeper and larger than its text, even endless. */
    private static final class Conversion {

        private int nodes;

        JsonNode tree(@Nullable Object value, int depth) {
            if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
                throw new YAMLException(
                        "aliases make it too large (expected: at most %d levels and %d values)"
                                .formatted(MAX_DEPTH, MAX_NODES));
            }
            return switch (value) {
                case Map<?, ?> map -> object(map, depth);
                case List<?> list -> {
                    ArrayNode array = Trees.array();
                    list.forEach(item -> array.add(tree(item, depth + 1)));
                    yield array;
                }
                case null -> NullNode.getInstance();
                default -> Trees.JSON.valueToTree(value);
            };
        }

        private ObjectNode object(Map<?, ?> map, int depth) {
            ObjectNode object = Trees.object();
            map.forEach((key, value) -> object.set(String.valueOf(key), tree(value, depth + 1)));
            return object;
        }
    }

    /** Leaves {@code 2026-01-02} a string: JSON has no dates. */
    private static final class WithoutDates extends Resolver {

        @Override
        public void addImplicitResolver(Tag tag, Pattern regexp, String first, int limit) {
            if (!tag.equals(Tag.TIMESTAMP)) {
                super.addImplicitResolver(tag, regexp, first, limit);
            }
        }
    }
}
