package io.weir.extproc.picker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.weir.extproc.server.ExtProcServer;
import io.weir.extproc.server.ServerSettings;
import io.weir.extproc.testing.MetricPod;
import io.weir.extproc.testing.ProxySide;
import io.weir.extproc.wire.HeldBytes;
import io.weir.model.ModelRewrites;
import io.weir.picker.Endpoint;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.picker.scrape.Scraper;
import io.weir.resource.InferencePool.AppProtocol;
import io.weir.resource.InferencePool.FailureMode;
import io.weir.resource.ObjectKey;
import io.weir.routing.Pool;
import io.weir.split.WeightedChoice;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The picker's service on a port, with the real picker over servers that tell their load. */
final class PickerRig implements AutoCloseable, PickerTarget {

    static final ObjectKey POOL =
            new ObjectKey("inference.networking.k8s.io", "InferencePool", "default", "p");

    private final Scraper scraper = Scraper.create();
    private final PickerRegistry pickers = PickerRegistry.create(scraper);
    private final List<MetricPod> pods = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final ExtProcServer server;
    private final ManagedChannel channel;
    final PickerService service;
    final List<ExchangeRecord> finished = new CopyOnWriteArrayList<>();
    private volatile @Nullable Pool pool;
    private @Nullable String generic;

    PickerRig(PickerOptions options, HeldBytes held) throws IOException {
        service = new PickerService(this, options, finished::add, held);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = ExtProcServer.start(new ServerSettings(any, null, 8 << 20), List.of(service));
        channel =
                NettyChannelBuilder.forAddress(server.address())
                        .usePlaintext()
                        .maxInboundMessageSize(8 << 20)
                        .build();
    }

    static PickerRig start(PickerOptions options) throws IOException {
        return new PickerRig(options, new HeldBytes(1L << 30));
    }

    /** Adds a server. */
    PickerRig pod(int waiting, double kvCache) throws IOException {
        return pod(waiting, kvCache, "");
    }

    /** Adds a server in a role, with adapters. */
    PickerRig pod(int waiting, double kvCache, String role, String... adapters) throws IOException {
        String address = "127.0.1." + (pods.size() + 1);
        MetricPod pod = MetricPod.start(address);
        pod.say(waiting, kvCache, adapters);
        pods.add(pod);
        endpoints.add(new Endpoint("pod-" + pods.size(), "", address, pod.port(), labels(role)));
        return this;
    }

    private static Map<String, String> labels(String role) {
        return role.isEmpty() ? Map.of() : Map.of("llm-d.ai/role", role);
    }

    /** Rewrites the model of requests that no rule names; null to leave it. */
    PickerRig generic(@Nullable String target) {
        generic = target;
        return this;
    }

    /** Makes the pool known, picked from as the text says, once all servers have been asked. */
    PickerRig ready(@Nullable String config) {
        PickerSettings settings = new PickerSettings(config, "test");
        pool =
                new Pool(
                        POOL,
                        endpoints,
                        AppProtocol.HTTP,
                        FailureMode.FAIL_CLOSE,
                        rewrites(),
                        Map.of(
                                "sql-lora",
                                2,
                                "sql-lora-sheddable",
                                0,
                                "my-model",
                                2,
                                "direct-model",
                                2,
                                "sheddable",
                                -1),
                        Map.of(),
                        settings);
        assertThat(pickers.apply(Map.of(POOL, new PoolSpec(endpoints, settings)))).isEmpty();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> picker().endpoints().stream().allMatch(e -> e.scrapeAgeMillis() >= 0));
        return this;
    }

    private ModelRewrites rewrites() {
        ObjectKey rewrite = new ObjectKey("", "InferenceModelRewrite", "default", "r");
        var rule = new ModelRewrites.Rule(rewrite, WeightedChoice.of(List.of("rewritten"), 1));
        String other = generic;
        return new ModelRewrites(
                Map.of("alias", rule),
                other == null
                        ? null
                        : new ModelRewrites.Rule(rewrite, WeightedChoice.of(List.of(other), 1)));
    }

    ProxySide open() {
        return new ProxySide(channel);
    }

    /** Returns the address of a server, by its number. */
    String address(int pod) {
        return endpoints.get(pod - 1).authority();
    }

    int openStreams() {
        return server.openStreams();
    }

    /** Returns how many requests are counted against servers. */
    int inFlight() {
        return picker().endpoints().stream().mapToInt(e -> e.inFlightRequests()).sum();
    }

    @Override
    public @Nullable Pool pool() {
        return pool;
    }

    @Override
    public PoolPicker picker() {
        return pickers.forPool(POOL);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
        pickers.close();
        scraper.close();
        pods.forEach(MetricPod::close);
    }
}
