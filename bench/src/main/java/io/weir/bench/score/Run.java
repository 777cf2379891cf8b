package io.weir.bench.score;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult.Decided;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickResult.Queued;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PoolPicker;
import io.weir.picker.RequestDetails;
import io.weir.picker.RequestHeaders;
import io.weir.picker.Reservation;
import io.weir.picker.Ticket;
import io.weir.picker.state.EndpointState;
import io.weir.simulator.engine.Engine;
import io.weir.simulator.engine.EngineRequest;
import io.weir.simulator.engine.EngineTask;
import io.weir.simulator.engine.TokenListener;
import io.weir.simulator.engine.VirtualTime;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One workload under one policy at one rate, in virtual time. The same arguments give the same
 * outcome. Used once, by one thread.
 */
final class Run implements PolicyContext.Truth {

    static final String MODEL = "model";

    private static final RequestDetails STREAMED =
            new RequestDetails("", 0, 0, true, RequestHeaders.NONE, List.of());
    private static final double NANOS = 1e9;
    private static final int NOT_TOLD = -1;
    private static final double BYTES_PER_TOKEN = 4;
    private static final long LONGEST_DRAIN_NANOS = 90_000_000_000L;

    private final VirtualTime time = new VirtualTime();
    private final List<Server> servers = new ArrayList<>();
    private final Text text = new Text();
    private final Workload workload;
    private final Policy policy;
    private final double rate;
    private final long seed;
    private final Sessions sessions;
    private final SimulatedScrapes scrapes;
    private final Tally tally;
    private final List<PoolPicker> gateways = new ArrayList<>();
    private @Nullable EngineRequest current;
    private int picks;

    /**
     * Returns a run that has not begun.
     *
     * @param rate sessions per second
     * @param seed of traffic and servers
     * @param missesToStop requests that miss their limits after which the run is of no interest any
     *     more
     */
    Run(Workload workload, Policy policy, double rate, long seed, long missesToStop) {
        this.workload = workload;
        this.policy = policy;
        this.rate = rate;
        this.seed = seed;
        this.sessions = workload.source().apply(seed);
        this.tally = new Tally(workload, missesToStop);
        workload.fleet().slowness().forEach(this::addServer);
        this.scrapes = new SimulatedScrapes(time, workload, policy, this::server, seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < workload.fleet().gateways(); i++) {
            gateways.add(policy.picker(context(random)));
        }
    }

    private PolicyContext context(SplittableRandom random) {
        return new PolicyContext(
                servers.stream().map(server -> server.endpoint).toList(),
                scrapes,
                time::nowNanos,
                random::nextLong,
                this);
    }

    Outcome run() {
        long end = nanos(workload.endSeconds());
        workload.fleet().replacements().forEach(this::plan);
        time.at(nanos(workload.warmupSeconds()), () -> tally.begin(servers));
        time.at(end, () -> tally.end(servers));
        scheduleNext(end);
        time.runWhile(() -> time.nowNanos() < end && !tally.isHopeless());
        scrapes.end();
        long latest = end + LONGEST_DRAIN_NANOS;
        time.runWhile(() -> tally.isWaiting() && time.nowNanos() < latest && !tally.isHopeless());
        return tally.outcome(rate, servers);
    }

    /** Goes on until all requests are answered, those too that do not count. */
    void drain() {
        time.run();
    }

    /** Returns what every gateway knows of the endpoints. */
    List<EndpointSnapshot> endpoints() {
        return gateways.stream().flatMap(gateway -> gateway.endpoints().stream()).toList();
    }

    @Override
    public EngineRequest request() {
        if (current == null) {
            throw new IllegalStateException("no pick is under way");
        }
        return current;
    }

    @Override
    public int cachedTokens(Endpoint endpoint) {
        return servers.get(Server.number(endpoint)).engine.cachedTokens(request());
    }

    private void addServer(double slowness) {
        int number = servers.size();
        Fleet fleet = workload.fleet();
        Engine engine =
                Engine.of(
                        fleet.profile().scaled(slowness),
                        fleet.maxAdapters(),
                        Text.mix(seed * 1000 + number));
        servers.add(new Server(number, engine));
        time.add(engine);
    }

    private Server server(EndpointState endpoint) {
        return servers.get(Server.number(endpoint.endpoint()));
    }

    private void plan(Fleet.Replacement replacement) {
        double seconds = workload.endSeconds();
        Endpoint old = servers.get(replacement.server()).endpoint;
        List<Endpoint> others = new ArrayList<>();
        servers.forEach(server -> others.add(server.endpoint));
        others.remove(old);
        time.at(nanos(replacement.leaves() * seconds), () -> update(others));
        time.at(
                nanos(replacement.joins() * seconds),
                () -> {
                    addServer(workload.fleet().slowness().get(replacement.server()));
                    others.add(servers.getLast().endpoint);
                    update(others);
                });
    }

    private void update(List<Endpoint> endpoints) {
        gateways.forEach(gateway -> gateway.update(endpoints, policy.settings()));
    }

    private void scheduleNext(long endNanos) {
        Session session = sessions.next();
        long at = nanos(session.at() / rate);
        if (at < endNanos) {
            time.at(
                    at,
                    () -> {
                        send(session, 0);
                        scheduleNext(endNanos);
                    });
        }
    }

    private void send(Session session, int turn) {
        Work work = session.turns().get(turn);
        boolean counts = tally.isCounting();
        EngineRequest request = work.forEngine(workload.fleet().profile().blockTokens());
        current = request;
        PoolPicker gateway = gateways.get(picks++ % gateways.size());
        switch (gateway.pick(asSeen(work))) {
            case Decided decided -> decided(decided, request, session, turn, counts);
            case Queued(Ticket ticket) ->
                    ticket.whenOver(() -> decided(ticket.take(), request, session, turn, counts));
        }
        current = null;
    }

    private void decided(
            Decided decided, EngineRequest request, Session session, int turn, boolean counts) {
        switch (decided) {
            case Picked(Reservation reservation) ->
                    submit(request, new Exchange(session, turn, reservation, counts));
            case Refused _ -> tally.refused(counts);
        }
    }

    private void submit(EngineRequest request, Exchange exchange) {
        Server server = servers.get(Server.number(exchange.reservation.current()));
        server.requests++;
        tally.sent(exchange.counts, server, servers.size(), time.nowNanos());
        server.engine.submit(request, exchange, time.nowNanos());
    }

    private PickRequest asSeen(Work work) {
        List<ByteBuffer> prompt =
                policy.readsPrompts() ? List.of(text.render(work.prompt())) : List.of();
        double tokens = Text.bytes(work.prompt()) / BYTES_PER_TOKEN;
        String model = work.adapter() == null ? MODEL : work.adapter();
        return PickRequest.forModel(model)
                .prompt(prompt, Math.round(tokens))
                .details(STREAMED)
                .build();
    }

    private static long nanos(double seconds) {
        return Math.round(seconds * NANOS);
    }

    /** A request under way. */
    private final class Exchange implements TokenListener {

        private final Session session;
        private final int turn;
        private final Reservation reservation;
        private final boolean counts;
        private boolean first = true;

        Exchange(Session session, int turn, Reservation reservation, boolean counts) {
            this.session = session;
            this.turn = turn;
            this.reservation = reservation;
            this.counts = counts;
        }

        @Override
        public boolean everyToken() {
            return false;
        }

        @Override
        public void onTokens(EngineTask task, int count, boolean last) {
            if (first) {
                first = false;
                reservation.firstByte();
            }
            if (last) {
                reservation.release(
                        Reservation.End.COMPLETED,
                        policy.hearsAnswers() ? task.generatedTokens() : NOT_TOLD);
                tally.done(counts, task);
                if (turn + 1 < session.turns().size()) {
                    long pause = session.turns().get(turn + 1).pauseNanos();
                    time.at(time.nowNanos() + pause, () -> send(session, turn + 1));
                }
            }
        }
    }
}
