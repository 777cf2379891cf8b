package io.weir.proxy.exchange;

import io.weir.body.ModelList;
import io.weir.config.Listener;
import io.weir.model.ReachableModels;
import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.EndpointSnapshot.ServedModel;
import io.weir.picker.Pickers;
import io.weir.routing.Backend;
import io.weir.routing.RouteMatch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers {@code GET /v1/models}: what clients can ask for at a listener. */
final class ModelsPage {

    private static final String PATH = "/v1/models";
    private static final long CREATED_EPOCH_SECONDS = 0;

    private ModelsPage() {}

    /** Returns whether the gateway answers itself: not when a route sends the path to a Service. */
    static boolean answers(Listener listener, IncomingRequest request) {
        return request.path().equals(PATH)
                && request.method().equals("GET")
                && listener.backends().stream().anyMatch(Backend.ToPool.class::isInstance)
                && !goesToService(listener, request);
    }

    private static boolean goesToService(Listener listener, IncomingRequest request) {
        RouteMatch match = listener.routes().match(request);
        return match != null
                && match.rule().backends().items().stream()
                        .anyMatch(choice -> choice.backend() instanceof Backend.ToService);
    }

    static Answer answer(Listener listener, Pickers pickers) {
        Map<Endpoint, List<ServedModel>> served = new HashMap<>();
        for (Backend backend : listener.backends()) {
            if (backend instanceof Backend.ToPool(var pool)) {
                for (EndpointSnapshot endpoint : pickers.forPool(pool.key()).endpoints()) {
                    served.put(endpoint.endpoint(), endpoint.models());
                }
            }
        }
        ReachableModels models = listener.models();
        List<ModelList.Entry> entries =
                models.list(endpoint -> served.getOrDefault(endpoint, List.of())).stream()
                        .map(ModelsPage::entry)
                        .toList();
        return Answer.json(ModelList.render(entries, CREATED_EPOCH_SECONDS));
    }

    private static ModelList.Entry entry(ServedModel model) {
        return new ModelList.Entry(model.id(), model.parent().isEmpty() ? null : model.parent());
    }
}
