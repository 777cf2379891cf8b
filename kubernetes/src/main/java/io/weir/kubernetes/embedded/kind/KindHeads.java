package io.weir.kubernetes.embedded.kind;

import io.weir.kubernetes.embedded.kind.KindVersion.Column;
import io.weir.kubernetes.embedded.kind.KindVersion.ScalePaths;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the {@code kind} and {@code column} lines of a {@code .types} file. */
final class KindHeads {

    private static final Pattern COLUMN =
            Pattern.compile("column \"([^\"]+)\" (\\S+) (\\S+)(?: (\\d))?");
    private static final ScalePaths REPLICAS =
            new ScalePaths("spec.replicas", "status.replicas", "");

    private KindHeads() {}

    static Column column(String line) {
        Matcher matcher = COLUMN.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("column: " + line + " (expected: name type path)");
        }
        int priority = matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4));
        return new Column(matcher.group(1), matcher.group(2), "", matcher.group(3), priority);
    }

    static KindInfo read(String head, List<Column> columns, SchemaSource schema) {
        List<String> words = List.of(head.split(" +", -1));
        String kind = words.get(1);
        Options options = new Options(words.subList(4, words.size()));
        int slash = words.get(2).indexOf('/');
        String group = slash < 0 ? "" : words.get(2).substring(0, slash);
        List<KindVersion> versions = new ArrayList<>();
        for (String version : words.get(2).substring(slash + 1).split(",", -1)) {
            versions.add(
                    new KindVersion(
                            group,
                            version,
                            "",
                            options.has("status"),
                            options.has("scale") ? Optional.of(REPLICAS) : Optional.empty(),
                            options.values("sub"),
                            columns,
                            options.values("select"),
                            schema));
        }
        return new KindInfo(
                group,
                kind,
                kind + "List",
                words.get(3),
                kind.toLowerCase(Locale.ROOT),
                List.copyOf(options.ordered("short")),
                options.ordered("category"),
                !options.has("cluster"),
                options.has("generation"),
                options.has("inert"),
                options.origin(),
                versions);
    }

    /** The words after the names. */
    private record Options(List<String> words) {

        KindInfo.Origin origin() {
            if (has("unpublished")) {
                return KindInfo.Origin.UNPUBLISHED;
            }
            return has("weir") ? KindInfo.Origin.WEIR : KindInfo.Origin.KUBERNETES;
        }

        boolean has(String flag) {
            return words.contains(flag);
        }

        List<String> ordered(String key) {
            return words.stream()
                    .filter(word -> word.startsWith(key + "="))
                    .flatMap(word ->
                            List.of(word.substring(key.length() + 1).split(",", -1)).stream())
                    .toList();
        }

        Set<String> values(String key) {
            return new HashSet<>(ordered(key));
        }
    }
}
