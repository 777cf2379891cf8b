package io.weir.bench.score;

import io.weir.picker.EndpointSnapshot.ServedModel;
import io.weir.picker.pool.EndpointWatch;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.InFlight;
import io.weir.picker.state.Scraped;
import io.weir.picker.state.ServedModels;
import io.weir.simulator.engine.Engine;
import io.weir.simulator.engine.VirtualTime;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Publishes what servers say of themselves into the state of endpoints, as often and as late as the
 * scraper would: each server is asked on its own, with some jitter, half as often each time that it
 * is found idle, and the answer takes a millisecond.
 */
final class SimulatedScrapes implements EndpointWatch {

    private static final double JITTER = 0.1;
    private static final long ANSWER_NANOS = 1_000_000;

    private final VirtualTime time;
    private final Fleet fleet;
    private final Policy policy;
    private final ServedModels models;
    private final boolean hasAdapters;
    private final Function<EndpointState, Server> servers;
    private final SplittableRandom random;
    private boolean over;

    SimulatedScrapes(
            VirtualTime time,
            Workload workload,
            Policy policy,
            Function<EndpointState, Server> servers,
            long seed) {
        this.time = time;
        this.fleet = workload.fleet();
        this.policy = policy;
        this.models = models(workload);
        this.hasAdapters = !workload.adapters().isEmpty();
        this.servers = servers;
        this.random = new SplittableRandom(seed);
    }

    private static ServedModels models(Workload workload) {
        List<ServedModel> list = new ArrayList<>();
        list.add(new ServedModel(Run.MODEL, ""));
        workload.adapters().forEach(name -> list.add(new ServedModel(name, Run.MODEL)));
        return ServedModels.of(list);
    }

    @Override
    public void begin(EndpointState endpoint) {
        endpoint.models(models);
        Watch watch = new Watch(endpoint, servers.apply(endpoint).engine);
        long first = (long) (random.nextDouble() * watch.pauseNanos);
        time.at(time.nowNanos() + first, watch::ask);
    }

    @Override
    public void end(EndpointState endpoint) {}

    /** Ends all watches. */
    void end() {
        over = true;
    }

    private final class Watch {

        private final EndpointState endpoint;
        private final Engine engine;
        private long pauseNanos = policy.scrape().toNanos();
        private int requestsWhenAsked;
        private long tokensWhenAsked;

        Watch(EndpointState endpoint, Engine engine) {
            this.endpoint = endpoint;
            this.engine = engine;
        }

        void ask() {
            if (over || endpoint.isRetired()) {
                return;
            }
            InFlight load = endpoint.inFlight();
            requestsWhenAsked = load.requests();
            tokensWhenAsked = load.tokens();
            int waiting = engine.waiting();
            int running = engine.running();
            double usage = engine.kvUsage();
            Adapters adapters = adapters();
            time.at(
                    time.nowNanos() + ANSWER_NANOS,
                    () -> answered(waiting, running, usage, adapters));
        }

        private void answered(int waiting, int running, double usage, Adapters adapters) {
            InFlight load = endpoint.inFlight();
            endpoint.scraped(
                    new Scraped(
                            time.nowNanos(),
                            waiting,
                            running,
                            usage,
                            fleet.profile().blockTokens(),
                            fleet.profile().kvBlocks(),
                            adapters,
                            Math.max(requestsWhenAsked, load.requests()),
                            Math.max(tokensWhenAsked, load.tokens())));
            boolean isBusy = load.requests() > 0 || waiting > 0 || running > 0;
            pauseNanos =
                    isBusy
                            ? policy.scrape().toNanos()
                            : Math.min(2 * pauseNanos, policy.slowestScrape().toNanos());
            double jitter = 1 + JITTER * (2 * random.nextDouble() - 1);
            time.at(time.nowNanos() + (long) (pauseNanos * jitter), this::ask);
        }

        private Adapters adapters() {
            if (!hasAdapters) {
                return Adapters.NONE;
            }
            return new Adapters(
                    engine.runningByAdapter().keySet(),
                    engine.waitingByAdapter().keySet(),
                    fleet.maxAdapters());
        }
    }
}
