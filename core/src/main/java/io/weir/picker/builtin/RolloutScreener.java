package io.weir.picker.builtin;

import io.weir.picker.HeaderField;
import io.weir.picker.plugin.Chosen;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PickObserver;
import io.weir.picker.plugin.Screener;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * {@code disaggregatedset-rollout-screener}: keeps the endpoints of one revision while a new one is
 * rolled out, because prefill and decode servers of different revisions do not understand one
 * another. A request that names a revision gets that one, others get one by its share of endpoints.
 *
 * @param scope endpoints that are screened; others stay
 * @param selectors headers that stand for labels
 * @param mode how much each revision weighs
 * @param revisionLabel label with the revision
 * @param roleLabel label with the role
 * @param roles roles of which a revision must have an endpoint each
 */
record RolloutScreener(
        LabelMatch scope,
        List<Selector> selectors,
        Mode mode,
        String revisionLabel,
        String roleLabel,
        List<String> roles)
        implements Screener, PickObserver {

    /** How much a revision weighs. */
    enum Mode {
        /** Its endpoints of all required roles. */
        SUM,
        /** Its endpoints of the role that most endpoints of all revisions have. */
        MAX_ROLE,
        /** Revisions are not chosen. */
        DISABLED
    }

    /**
     * A header that stands for a label.
     *
     * @param header header of requests and answers, lower case
     * @param label label
     * @param isStrict whether endpoints with another value go
     */
    record Selector(String header, String label, boolean isStrict) {}

    RolloutScreener {
        selectors = List.copyOf(selectors);
        roles = List.copyOf(roles);
    }

    @Override
    public void screen(PickContext context) {
        String revision = null;
        boolean chooses = mode != Mode.DISABLED;
        if (chooses) {
            revision = revision(context);
        }
        for (int i = 0; i < context.size(); i++) {
            Map<String, String> labels = context.endpoint(i).endpoint().labels();
            boolean stays = isSelected(context, labels);
            if (stays && chooses && scope.matches(labels)) {
                stays = revision != null && revision.equals(labels.get(revisionLabel));
            }
            if (stays) {
                context.keep(i);
            }
        }
    }

    @Override
    public void answerHeaders(Chosen chosen, Consumer<HeaderField> headers) {
        for (Selector selector : selectors) {
            String value = chosen.primary().labels().get(selector.label());
            if (value != null) {
                headers.accept(new HeaderField(selector.header(), value));
            }
        }
    }

    private boolean isSelected(PickContext context, Map<String, String> labels) {
        for (int i = 0; i < selectors.size(); i++) {
            Selector selector = selectors.get(i);
            String wanted = selector.isStrict() ? context.header(selector.header()) : null;
            if (wanted != null && !wanted.equals(labels.get(selector.label()))) {
                return false;
            }
        }
        return true;
    }

    /** Returns the revision to keep; null when none has all roles. */
    private @Nullable String revision(PickContext context) {
        Map<String, int[]> counts = counts(context);
        counts.values().removeIf(RolloutScreener::lacksRole);
        int dominant = mode == Mode.MAX_ROLE ? dominantRole(counts) : -1;
        long total = 0;
        for (int[] of : counts.values()) {
            total += weight(of, dominant);
        }
        if (total == 0) {
            return null;
        }
        long drawn = context.random().nextLong(total);
        for (Map.Entry<String, int[]> entry : counts.entrySet()) {
            drawn -= weight(entry.getValue(), dominant);
            if (drawn < 0) {
                return entry.getKey();
            }
        }
        return null;
    }

    private Map<String, int[]> counts(PickContext context) {
        Map<String, int[]> counts = new LinkedHashMap<>();
        for (int i = 0; i < context.size(); i++) {
            Map<String, String> labels = context.endpoint(i).endpoint().labels();
            String revision = labels.get(revisionLabel);
            String label = labels.get(roleLabel);
            int role = label == null ? -1 : roles.indexOf(label);
            if (revision != null
                    && role >= 0
                    && scope.matches(labels)
                    && isSelected(context, labels)) {
                counts.computeIfAbsent(revision, _ -> new int[roles.size()])[role]++;
            }
        }
        return counts;
    }

    private static boolean lacksRole(int[] counts) {
        for (int count : counts) {
            if (count == 0) {
                return true;
            }
        }
        return false;
    }

    private int dominantRole(Map<String, int[]> counts) {
        int best = 0;
        long most = -1;
        for (int role = 0; role < roles.size(); role++) {
            long sum = 0;
            for (int[] of : counts.values()) {
                sum += of[role];
            }
            if (sum > most) {
                most = sum;
                best = role;
            }
        }
        return best;
    }

    private static long weight(int[] counts, int role) {
        if (role >= 0) {
            return counts[role];
        }
        long sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }
}
