package io.weir.proxy.exchange;

import io.weir.body.ModelList;
import io.weir.config.Listener;
import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.EndpointSnapshot.ServedModel;
import io.weir.picker.Pickers;
import io.weir.routing.Backend;
import io.weir.routing.RouteMatch;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Answers {@code GET /v1/models} with what can be asked for at a listener: no single server of its
 * pools knows the whole answer. Used by one event loop.
 *
 * <p>What servers report changes without a new snapshot, so an answer is kept for a second only.
 */
final class ModelCatalog {

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_LISTENERS = 256;
    private static final String PATH = "/v1/models";

    private final Pickers pickers;
    private final LongSupplier nanoTime;
    private final long createdEpochSeconds;
    private final IdentityHashMap<Listener, Rendered> rendered = new IdentityHashMap<>();

    private static final class Rendered {
        private final byte[] json;
        private final long sinceNanos;

        Rendered(byte[] json, long sinceNanos) {
            this.json = json;
            this.sinceNanos = sinceNanos;
        }
    }

    /**
     * Makes an empty catalog.
     *
     * @param createdEpochSeconds when the models were made, as far as clients care
     */
    ModelCatalog(Pickers pickers, LongSupplier nanoTime, long createdEpochSeconds) {
        this.pickers = pickers;
        this.nanoTime = nanoTime;
        this.createdEpochSeconds = createdEpochSeconds;
    }

    /** Returns the answer to a request, or null when it is not for the catalog. */
    @Nullable Answer answer(Listener listener, IncomingRequest request) {
        if (!request.path().equals(PATH)
                || !request.method().equals("GET")
                || !isPools(listener, request)) {
            return null;
        }
        return Answer.json(list(listener));
    }

    /**
     * A rule that sends the path elsewhere goes first. Where no rule matches, rules that need a
     * model or another path are meant.
     */
    private static boolean isPools(Listener listener, IncomingRequest request) {
        RouteMatch match = listener.routes().match(request);
        if (match == null) {
            return listener.backends().stream().anyMatch(Backend.ToPool.class::isInstance);
        }
        return match.rule().backends().items().stream()
                .anyMatch(choice -> choice.backend() instanceof Backend.ToPool);
    }

    private byte[] list(Listener listener) {
        long now = nanoTime.getAsLong();
        Rendered kept = rendered.get(listener);
        if (kept != null && now - kept.sinceNanos < FRESH_NANOS) {
            return kept.json;
        }
        if (rendered.size() >= MAX_LISTENERS) {
            rendered.clear();
        }
        byte[] json = render(listener);
        rendered.put(listener, new Rendered(json, now));
        return json;
    }

    private byte[] render(Listener listener) {
        Map<String, List<ServedModel>> served = new HashMap<>();
        for (Backend backend : listener.backends()) {
            if (backend instanceof Backend.ToPool to) {
                for (EndpointSnapshot known : pickers.forPool(to.handle().key()).endpoints()) {
                    served.put(known.endpoint().authority(), known.models());
                }
            }
        }
        List<ModelList.Entry> entries = new ArrayList<>();
        for (ServedModel model : listener.models().list(endpoint -> of(served, endpoint))) {
            String parent = model.parent().isEmpty() ? null : model.parent();
            entries.add(new ModelList.Entry(model.id(), parent));
        }
        return ModelList.render(entries, createdEpochSeconds);
    }

    private static List<ServedModel> of(Map<String, List<ServedModel>> served, Endpoint endpoint) {
        return served.getOrDefault(endpoint.authority(), List.of());
    }
}
