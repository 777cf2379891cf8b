package io.weir.app.up;

import io.weir.config.Listener;
import io.weir.config.Server;
import io.weir.config.Snapshot;
import io.weir.model.ModelRewrites;
import io.weir.routing.Pool;

import java.util.Set;
import java.util.TreeSet;

/** The models that stand in the configuration. */
public final class KnownModels {

    private KnownModels() {}

    /** Returns the models of a configuration and those that simulated servers serve. */
    public static Set<String> of(Configuration configuration, Set<String> served) {
        Set<String> models = new TreeSet<>(served);
        Snapshot snapshot = configuration.compilation().snapshot();
        for (Server server : snapshot.servers()) {
            for (Listener listener : server.listeners()) {
                models.addAll(listener.baseModels().byAdapter().keySet());
                models.addAll(listener.baseModels().baseModels());
            }
        }
        for (Pool pool : snapshot.pools().values()) {
            addRewrites(pool.rewrites(), models);
        }
        return models;
    }

    private static void addRewrites(ModelRewrites rewrites, Set<String> models) {
        rewrites.exact()
                .forEach((model, rule) -> {
                    models.add(model);
                    models.addAll(rule.targets().items());
                });
        ModelRewrites.Rule generic = rewrites.generic();
        if (generic != null) {
            models.addAll(generic.targets().items());
        }
    }
}
