package io.weir.picker.pool;

import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.ProfilePlan;

/**
 * Requests that want to be decoded only where their prompt is known already, which they say with
 * {@code Prefer: if-available} (RFC 7240).
 */
final class ConditionalDecode {

    private static final String TOKEN = "if-available";

    private ConditionalDecode() {}

    static boolean isMet(PickContext context, int primary) {
        String prefer = context.header("prefer");
        if (prefer == null || !wants(prefer)) {
            return true;
        }
        int index = context.choice(primary);
        return index != ProfilePlan.NONE && context.prefixes().matchedBlocks(index) > 0;
    }

    static Refused refusal() {
        return new Refused(
                Reason.NOT_AVAILABLE,
                "no endpoint has the beginning of the prompt in its cache",
                0);
    }

    private static boolean wants(String prefer) {
        for (String preference : prefer.split(",", -1)) {
            int parameters = preference.indexOf(';');
            String name = parameters < 0 ? preference : preference.substring(0, parameters);
            if (name.strip().equalsIgnoreCase(TOKEN)) {
                return true;
            }
        }
        return false;
    }
}
