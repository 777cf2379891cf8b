package io.weir.app.up;

import io.weir.config.Listener;
import io.weir.config.Server;
import io.weir.config.Snapshot;
import io.weir.model.ModelRewrites;
import io.weir.routing.Pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Commands to paste into a shell: up to three, each for another model. */
final class SampleRequests {

    private final String url;
    private final Set<String> baseModels = new TreeSet<>();
    private final Set<String> adapters = new TreeSet<>();
    private final Set<String> splits = new TreeSet<>();
    private final Set<String> rewritten = new TreeSet<>();
    private final Map<String, List<String>> targets = new HashMap<>();

    /**
     * Collects what can be asked for.
     *
     * @param url where the first listener serves
     * @param snapshot what is in force
     */
    SampleRequests(String url, Snapshot snapshot) {
        this.url = url;
        for (Server server : snapshot.servers()) {
            for (Listener listener : server.listeners()) {
                baseModels.addAll(listener.baseModels().baseModels());
                adapters.addAll(listener.baseModels().byAdapter().keySet());
            }
        }
        for (Pool pool : snapshot.pools().values()) {
            pool.rewrites().exact().forEach(this::addRewrite);
        }
        adapters.removeAll(rewritten);
    }

    private void addRewrite(String model, ModelRewrites.Rule rule) {
        rewritten.add(model);
        if (!rule.targets().items().isEmpty()) {
            targets.put(model, rule.targets().items());
        }
        if (rule.targets().items().size() > 1) {
            splits.add(model);
        }
    }

    /**
     * Returns the commands.
     *
     * @param served models of simulated servers
     */
    List<String> commands(Set<String> served) {
        List.of(baseModels, adapters, splits, rewritten)
                .forEach(models -> models.removeIf(model -> !isAnswered(model, served)));
        List<String> models = new ArrayList<>();
        addFirst(baseModels, models);
        addFirst(adapters, models);
        addFirst(splits, models);
        addFirst(rewritten, models);
        served.forEach(model -> addFirst(Set.of(model), models));
        List<String> commands = new ArrayList<>();
        if (!models.isEmpty()) {
            commands.add(chat(models.getFirst()));
        }
        if (models.size() > 1) {
            commands.add(completion(models.get(1)));
        }
        if (models.isEmpty()) {
            commands.add("curl -s " + url + "/v1/models");
        } else {
            commands.add(stream(models.get(Math.min(2, models.size() - 1))));
        }
        return commands;
    }

    /**
     * Where servers are simulated it is known what they serve; what real ones serve shows later.
     */
    private boolean isAnswered(String model, Set<String> served) {
        return served.isEmpty() || served.containsAll(targets.getOrDefault(model, List.of(model)));
    }

    private static void addFirst(Set<String> candidates, List<String> models) {
        candidates.stream()
                .filter(model -> !models.contains(model))
                .findFirst()
                .ifPresent(models::add);
    }

    private String chat(String model) {
        return curl(
                "-s",
                "/v1/chat/completions",
                "{\"model\": \""
                        + model
                        + "\", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}");
    }

    private String completion(String model) {
        return curl(
                "-s",
                "/v1/completions",
                "{\"model\": \"" + model + "\", \"prompt\": \"Once upon\", \"max_tokens\": 20}");
    }

    private String stream(String model) {
        return curl(
                "-sN",
                "/v1/chat/completions",
                "{\"model\": \""
                        + model
                        + "\", \"stream\": true, \"max_tokens\": 20, \"messages\": [{\"role\":"
                        + " \"user\", \"content\": \"Tell me more\"}]}");
    }

    private String curl(String options, String path, String body) {
        return "curl "
                + options
                + " "
                + url
                + path
                + " -H 'Content-Type: application/json' -d '"
                + body.replace("'", "'\\''")
                + "'";
    }
}
