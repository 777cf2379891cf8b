package io.weir.proxy.perf;

import io.weir.model.BaseModels;
import io.weir.model.ModelRewrites;
import io.weir.picker.Endpoint;
import io.weir.picker.PickerSettings;
import io.weir.picker.pool.EndpointWatch;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.proxy.DataPlane;
import io.weir.proxy.ProxySettings;
import io.weir.proxy.loop.Transport;
import io.weir.proxy.testing.Config;
import io.weir.routing.Backend;
import io.weir.split.WeightedChoice;
import io.weir.telemetry.ExchangeObserver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A data plane on one event loop with everything that a chat request takes: model extraction,
 * base-model header, rewrite and pick. Arguments: port, port of the servers, their number,
 * transport.
 */
public final class PerfGateway {

    private PerfGateway() {}

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        int serverPort = Integer.parseInt(args[1]);
        int servers = Integer.parseInt(args[2]);
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < servers; i++) {
            endpoints.add(new Endpoint("server-" + i, "", "127.0.0.1", serverPort + i, Map.of()));
        }
        PickerRegistry pickers = PickerRegistry.create(EndpointWatch.NONE);
        pickers.apply(
                Map.of(Config.poolKey("llm"), new PoolSpec(endpoints, PickerSettings.DEFAULT)));
        var rule =
                new ModelRewrites.Rule(Config.poolKey("r"), WeightedChoice.equal(List.of("llama")));
        Backend pool = Config.pool("llm", new ModelRewrites(Map.of("chat", rule), null), Map.of());
        DataPlane plane =
                new DataPlane(
                        ProxySettings.DEFAULT
                                .withIoThreads(1)
                                .withTransport(Transport.valueOf(args[3])),
                        pickers,
                        ExchangeObserver.NONE);
        plane.apply(
                Config.config()
                        .port(port)
                        .baseModels(new BaseModels(Map.of("chat", "llama"), Set.of("llama")))
                        .baseModelRule("llama", pool)
                        .bodyLimit(64 << 20)
                        .snapshot());
        System.out.println("serving " + plane.serving());
        Thread.currentThread().join();
    }
}
