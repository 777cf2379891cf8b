package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;

/**
 * {@code header-label-affinity-scorer}: 1 where a label has the value of a header of the request.
 *
 * @param header header, lower case
 * @param label label
 */
record HeaderLabelScorer(String header, String label) implements Scorer {

    @Override
    public void score(PickContext context, double[] scores) {
        String wanted = context.header(header);
        for (int i = 0; i < context.size(); i++) {
            String value = context.endpoint(i).endpoint().labels().get(label);
            scores[i] = wanted != null && wanted.equals(value) ? 1 : 0;
        }
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }
}
