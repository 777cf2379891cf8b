package io.weir.simulator;

import io.netty.channel.EventLoop;
import io.weir.simulator.http.Exchange;
import io.weir.simulator.http.HttpRequest;
import io.weir.simulator.metrics.ServerMetrics;
import io.weir.simulator.wire.Completion;
import io.weir.simulator.wire.GenerationRequest;
import io.weir.simulator.wire.RequestException;
import io.weir.simulator.wire.RequestReader;
import io.weir.simulator.wire.RequestReader.Api;
import io.weir.simulator.wire.WireFormat;

import org.jspecify.annotations.Nullable;

import java.util.random.RandomGenerator;

/** Requests that make the model work: reads them, checks them, and begins to answer. */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
final class InferenceApi {

    /** Reading a longer body takes so long that others on the loop would notice. */
    private static final int LONG_BODY_BYTES = 512 * 1024;

    private final SimulatorConfig config;
    private final Models models;
    private final EngineDriver driver;
    private final ServerMetrics metrics;
    private final FaultControl faults;
    private final RandomGenerator random;
    private final EventLoop loop;
    private final GenerationPlanner planner;

    /** Written by the event loop only. */
    private volatile int open;

    private final RequestReader reader = new RequestReader();

    InferenceApi(
            SimulatorConfig config,
            Models models,
            EngineDriver driver,
            ServerMetrics metrics,
            FaultControl faults,
            RandomGenerator random,
            EventLoop loop) {
        this.config = config;
        this.models = models;
        this.driver = driver;
        this.metrics = metrics;
        this.faults = faults;
        this.random = random;
        this.loop = loop;
        planner = new GenerationPlanner(config, models, random);
    }

    /** Returns how many requests are under way; for any thread. */
    int openRequests() {
        return open;
    }

    /** Hands a request on that is allowed to make the model work and has no bad luck. */
    void guard(HttpRequest request, Exchange exchange, Handler next) throws RequestException {
        open++;
        exchange.onEnded(() -> open--);
        String key = config.apiKey();
        if (key != null && !("Bearer " + key).equals(request.header("authorization"))) {
            throw new RequestException(401, "Unauthorized", null);
        }
        faults.pass(request, exchange, next);
    }

    void handle(Api api, WireFormat format, HttpRequest request, Exchange exchange) {
        if (request.bodyBytes() < LONG_BODY_BYTES) {
            read(api, request).thenAnswer(format, exchange);
            return;
        }
        Thread.startVirtualThread(() -> {
            Reading reading = read(api, request);
            loop.execute(() -> reading.thenAnswer(format, exchange));
        });
    }

    private Reading read(Api api, HttpRequest request) {
        String id = request.header("x-request-id");
        try {
            return new Reading(reader.read(api, request.body(), request.bodyBytes()), null, id);
        } catch (RequestException e) {
            return new Reading(null, e, id);
        }
    }

    /** What reading a body came to: a request or a refusal. */
    private final class Reading {

        private final @Nullable GenerationRequest request;
        private final @Nullable RequestException refusal;
        private final @Nullable String id;

        Reading(
                @Nullable GenerationRequest request,
                @Nullable RequestException refusal,
                @Nullable String id) {
            this.request = request;
            this.refusal = refusal;
            this.id = id;
        }

        void thenAnswer(WireFormat format, Exchange exchange) {
            if (exchange.hasEnded()) {
                return;
            }
            try {
                if (refusal != null) {
                    throw refusal;
                }
                if (request != null) {
                    answer(request, id == null ? newId() : id, format, exchange);
                }
            } catch (RequestException e) {
                Replies.error(exchange, e);
            }
        }
    }

    private void answer(GenerationRequest request, String id, WireFormat format, Exchange exchange)
            throws RequestException {
        String model = request.model() == null ? models.first() : request.model();
        if (!models.serves(model)) {
            throw RequestException.noModel(model);
        }
        if (driver.engine().waiting() >= config.maxWaiting()) {
            throw new RequestException(
                    429, "Failed to enqueue request, waiting requests queue is full", null);
        }
        GenerationPlanner.Plan plan = planner.plan(request, model);
        long created = System.currentTimeMillis() / 1000;
        Completion completion = new Completion(id, model, created, request, plan.choices());
        metrics.choices(request.choices());
        new Generation(completion, format, exchange, driver, metrics, faults.cutAfterChunks())
                .start(plan.sequences());
    }

    private String newId() {
        return Long.toHexString(random.nextLong() | Long.MIN_VALUE)
                + Long.toHexString(random.nextLong() | Long.MIN_VALUE);
    }
}
