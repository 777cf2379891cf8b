package io.weir.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Yaml;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The role that the chart gives the program. */
class ChartRolesTest {

    private static final Path RULES = Path.of("..", "charts", "weir", "templates", "rbac.yaml");

    @Test
    void everyKindThatIsReadMayBeReadAndEveryStatusWritten() {
        Set<String> missing = new TreeSet<>();
        Stream.concat(WatchedKind.ALL.stream(), Stream.of(WatchedKind.DEFINITION))
                .forEach(kind -> {
                    if (!permits(kind.group(), kind.plural(), "list", "watch")) {
                        missing.add(kind.toString());
                    }
                    if (hasStatus(kind)
                            && !permits(kind.group(), kind.plural() + "/status", "update")) {
                        missing.add(kind + "/status");
                    }
                });

        assertThat(missing).isEmpty();
    }

    private static boolean hasStatus(WatchedKind kind) {
        return kind.keepsTree() && !kind.group().isEmpty() && !kind.kind().equals("ReferenceGrant");
    }

    private static boolean permits(String group, String resource, String... verbs) {
        for (JsonNode rule : rules()) {
            if (texts(rule, "apiGroups").contains(group)
                    && texts(rule, "resources").contains(resource)
                    && texts(rule, "verbs").containsAll(List.of(verbs))) {
                return true;
            }
        }
        return false;
    }

    /** Returns the rules of the ClusterRole, which no value changes. */
    private static JsonNode rules() {
        try {
            String text = Files.readString(RULES);
            int start = text.indexOf("\nrules:\n");
            String rules = text.substring(start, text.indexOf("\n---", start));
            ObjectNode parsed = Yaml.parseAll(rules).getFirst();
            return Objects.requireNonNull(parsed.get("rules"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> texts(JsonNode rule, String field) {
        List<String> texts = new ArrayList<>();
        rule.path(field).forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
