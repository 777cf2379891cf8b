package io.weir.picker.pool;

import io.weir.picker.PickRequest;
import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.state.ServedModels;

/**
 * Keeps the servers that may serve the request's model, as far as they say what they serve.
 *
 * <table>
 * <caption>What becomes of a server</caption>
 * <tr><th>its list</th><th>model was rewritten</th><th>some server lists it</th><th>none does</th>
 * </tr>
 * <tr><td>has the model</td><td>stays</td><td>stays</td><td></td></tr>
 * <tr><td>lacks it</td><td>goes</td><td>goes</td><td>goes if all lists are known</td></tr>
 * <tr><td>is unknown</td><td>stays</td><td>stays</td><td>stays</td></tr>
 * </table>
 *
 * <p>When nobody is left, the model is not served by the pool.
 */
final class ModelFilter implements Filter {

    @Override
    public void filter(PickContext context) {
        PickRequest request = context.request();
        String model = request.model();
        if (model == null || model.isEmpty()) {
            context.keepAll();
            return;
        }
        ServedModels all = context.servedByAll();
        if (all != null) {
            if (all.has(model) || !all.known()) {
                context.keepAll();
            }
            return;
        }
        boolean isListed = keepAllThatMay(context, model);
        if (!isListed && !request.modelIsRewritten()) {
            context.keepAllIfAny();
        }
    }

    /** Returns whether some server lists the model. */
    private static boolean keepAllThatMay(PickContext context, String model) {
        boolean isListed = false;
        // Most servers of a pool serve the same, and share one list.
        ServedModels asked = ServedModels.UNKNOWN;
        boolean known = false;
        boolean lists = false;
        for (int i = 0; i < context.size(); i++) {
            ServedModels models = context.endpoint(i).models();
            if (!models.sameAs(asked)) {
                asked = models;
                known = models.known();
                lists = models.has(model);
                isListed |= lists;
            }
            if (lists || !known) {
                context.keep(i);
            }
        }
        return isListed;
    }
}
