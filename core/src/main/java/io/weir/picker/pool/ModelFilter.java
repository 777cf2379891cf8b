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
        boolean allAreKnown = keepAllThatMay(context, model);
        if (!allAreKnown && !request.modelIsRewritten() && !isListed(context, model)) {
            context.keepAll();
        }
    }

    /** Returns whether all lists are known. */
    private static boolean keepAllThatMay(PickContext context, String model) {
        boolean allAreKnown = true;
        // Most servers of a pool serve the same, and share one list.
        ServedModels asked = ServedModels.UNKNOWN;
        boolean lists = false;
        for (int i = 0; i < context.size(); i++) {
            ServedModels models = context.endpoint(i).models();
            if (!models.known()) {
                allAreKnown = false;
                context.keep(i);
                continue;
            }
            if (!models.sameAs(asked)) {
                asked = models;
                lists = models.has(model);
            }
            if (lists) {
                context.keep(i);
            }
        }
        return allAreKnown;
    }

    private static boolean isListed(PickContext context, String model) {
        for (int i = 0; i < context.size(); i++) {
            if (context.endpoint(i).models().has(model)) {
                return true;
            }
        }
        return false;
    }
}
