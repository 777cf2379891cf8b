package io.weir.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.simulator.SimulatorConfig.Adapter;
import io.weir.simulator.engine.Engine;
import io.weir.simulator.http.Exchange;
import io.weir.simulator.http.HttpRequest;
import io.weir.simulator.wire.ErrorBody;
import io.weir.simulator.wire.RequestException;
import io.weir.simulator.wire.WireFormat;

import java.util.List;

/** {@code /v1/load_lora_adapter} and {@code /v1/unload_lora_adapter}. */
final class AdapterApi {

    private final Models models;
    private final Engine engine;

    AdapterApi(Models models, Engine engine) {
        this.models = models;
        this.engine = engine;
    }

    void load(HttpRequest request, Exchange exchange) throws RequestException {
        ObjectNode body = Replies.tree(request);
        String name = body.path("lora_name").asText("");
        String path = body.path("lora_path").asText("");
        if (name.isEmpty() || path.isEmpty()) {
            invalid(exchange, "Both 'lora_name' and 'lora_path' must be provided.");
        } else if (models.serves(name) && !body.path("load_inplace").asBoolean(false)) {
            invalid(exchange, "The lora adapter '" + name + "' has already been loaded.");
        } else {
            models.add(new Adapter(name, path));
            Replies.text(exchange, 200, "Success: LoRA adapter '" + name + "' added successfully.");
        }
    }

    void unload(HttpRequest request, Exchange exchange) throws RequestException {
        String name = Replies.tree(request).path("lora_name").asText("");
        if (name.isEmpty()) {
            invalid(exchange, "'lora_name' must be provided.");
        } else if (models.remove(name)) {
            engine.forgetAdapter(name);
            Replies.text(
                    exchange, 200, "Success: LoRA adapter '" + name + "' removed successfully.");
        } else {
            throw new RequestException(
                    404, "The lora adapter '" + name + "' cannot be found.", null);
        }
    }

    /** Unloads some adapters and loads others, as a syncer beside the server would. */
    void change(List<String> gone, List<Adapter> present) {
        gone.stream().filter(models::remove).forEach(engine::forgetAdapter);
        present.forEach(models::add);
    }

    private static void invalid(Exchange exchange, String message) {
        byte[] body = ErrorBody.render(400, message, "InvalidUserInput", null);
        exchange.reply(400, WireFormat.JSON, body);
    }
}
