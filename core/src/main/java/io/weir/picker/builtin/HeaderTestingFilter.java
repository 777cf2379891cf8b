package io.weir.picker.builtin;

import io.weir.picker.Endpoint;
import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;

/**
 * {@code header-based-testing-filter}: keeps the servers that a header names by address, with or
 * without port; nothing when it names none. For tests only: clients choose where requests go.
 *
 * @param header header, lower case
 */
record HeaderTestingFilter(String header) implements Filter {

    @Override
    public void filter(PickContext context) {
        String wanted = context.header(header);
        if (wanted == null || wanted.isBlank()) {
            context.keepNone();
            return;
        }
        String[] names = wanted.split(",");
        for (int i = 0; i < context.size(); i++) {
            if (isNamed(context.endpoint(i).endpoint(), names)) {
                context.keep(i);
            }
        }
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }

    private static boolean isNamed(Endpoint endpoint, String[] names) {
        for (String name : names) {
            String stripped = name.strip();
            if (stripped.equals(endpoint.address()) || stripped.equals(endpoint.authority())) {
                return true;
            }
        }
        return false;
    }
}
