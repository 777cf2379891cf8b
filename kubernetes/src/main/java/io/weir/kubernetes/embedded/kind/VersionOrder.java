package io.weir.kubernetes.embedded.kind;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stable versions before beta before alpha, later before earlier, others last by name. */
final class VersionOrder {

    private static final Pattern FORM =
            Pattern.compile("v([0-9]{1,9})(?:(alpha|beta)([0-9]{1,9}))?");

    private static final Comparator<String> BEST_FIRST =
            Comparator.comparing(VersionOrder::rank).reversed().thenComparing(name -> name);

    private VersionOrder() {}

    static <V> Map<String, V> newMap() {
        return new TreeMap<>(BEST_FIRST);
    }

    private static Rank rank(String name) {
        Matcher matcher = FORM.matcher(name);
        if (!matcher.matches()) {
            return new Rank(0, 0, 0);
        }
        int major = Integer.parseInt(matcher.group(1));
        String stage = matcher.group(2);
        if (stage == null) {
            return new Rank(3, major, 0);
        }
        return new Rank(stage.equals("beta") ? 2 : 1, major, Integer.parseInt(matcher.group(3)));
    }

    private record Rank(int stability, int major, int minor) implements Comparable<Rank> {

        @Override
        public int compareTo(Rank other) {
            return Comparator.comparingInt(Rank::stability)
                    .thenComparingInt(Rank::major)
                    .thenComparingInt(Rank::minor)
                    .compare(this, other);
        }
    }
}
