package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;

import java.util.List;
import java.util.Set;

/**
 * Keeps servers by the value of one label: {@code decode-filter}, {@code prefill-filter}, {@code
 * encode-filter} and {@code by-label}.
 *
 * @param label label
 * @param values values that stay
 * @param keepsUnlabelled whether servers without the label stay
 */
record RoleFilter(String label, Set<String> values, boolean keepsUnlabelled) implements Filter {

    private static final String ROLE = "llm-d.ai/role";

    static final RoleFilter DECODE =
            role(true, "decode", "prefill-decode", "both", "encode-prefill-decode");
    static final RoleFilter PREFILL =
            role(
                    false,
                    "prefill",
                    "encode-prefill",
                    "prefill-decode",
                    "both",
                    "encode-prefill-decode");
    static final RoleFilter ENCODE =
            role(false, "encode", "encode-prefill", "encode-prefill-decode");

    RoleFilter {
        values = Set.copyOf(values);
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }

    private static RoleFilter role(boolean keepsUnlabelled, String... roles) {
        return new RoleFilter(ROLE, Set.copyOf(List.of(roles)), keepsUnlabelled);
    }

    @Override
    public void filter(PickContext context) {
        for (int i = 0; i < context.size(); i++) {
            String value = context.endpoint(i).endpoint().labels().get(label);
            if (value == null ? keepsUnlabelled : values.contains(value)) {
                context.keep(i);
            }
        }
    }
}
