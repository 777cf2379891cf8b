package io.weir.picker.pool;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.Explanation;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Decided;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.flow.Alarm;
import io.weir.picker.flow.FlowObserver;
import io.weir.picker.flow.FlowSnapshot;
import io.weir.picker.latency.LatencyPredictor;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Producer.SessionId;
import io.weir.picker.prefix.PrefixReuse;
import io.weir.picker.prefix.TokenChain;
import io.weir.picker.state.EndpointState;
import io.weir.picker.tokens.PromptTokenizer;
import io.weir.picker.tokens.TokenClient;
import io.weir.picker.tokens.TokenCounts;
import io.weir.picker.tokens.TokenQuestion;
import io.weir.resource.ObjectKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Picks endpoints of one pool by its configuration. */
final class BuiltInPicker implements PoolPicker {

    private final ObjectKey key;
    private final EndpointPool pool;
    private final ScratchPool scratches;
    private final DecisionLog decisions;
    private final LongSupplier nanoTime;
    private final Admission admission;
    private final PromptTokenizer tokenizer;
    private final Books books;

    BuiltInPicker(
            ObjectKey key,
            EndpointPool pool,
            ScratchPool scratches,
            DecisionLog decisions,
            Alarm alarm,
            FlowObserver observer,
            TokenClient tokenClient,
            LongSupplier nanoTime) {
        this.key = key;
        this.pool = pool;
        this.scratches = scratches;
        this.decisions = decisions;
        this.nanoTime = nanoTime;
        this.admission = new Admission(pool, alarm, nanoTime, observer);
        this.tokenizer = new PromptTokenizer(tokenClient, alarm, nanoTime);
        this.books =
                new Books(
                        new DecodeEstimate(),
                        admission.control(),
                        new LatencyPredictor(),
                        new PrefixReuse(),
                        nanoTime);
        pool.whenEased(admission.control()::eased);
    }

    @Override
    public PickResult pick(PickRequest asked) {
        PoolView view = pool.view();
        PickRequest request = identified(asked, view.schedule().agent());
        if (view.schedule().tokenizing() == null || view.endpoints().length == 0) {
            return admitAndPick(request);
        }
        TokenChain told = TokenStage.told(request, view);
        TokenQuestion question = told == null ? TokenStage.question(request, view) : null;
        if (question == null) {
            return admitAndPick(told == null ? request : request.withTokens(told));
        }
        TokenChain remembered = tokenizer.remembered(question);
        if (remembered != null) {
            tokenizer.counts().remembered();
            return admitAndPick(request.withTokens(remembered));
        }
        TokenTicket ticket = new TokenTicket(new AfterTokens(request));
        Endpoint server = TokenStage.server(view.endpoints(), nanoTime.getAsLong());
        return tokenizer.ask(question, server, ticket)
                ? new PickResult.Queued(ticket)
                : admitAndPick(request);
    }

    /** Finds out whose a request is that does not say. */
    private static PickRequest identified(PickRequest request, @Nullable SessionId agent) {
        if (agent == null || !request.fairnessId().equals(PickRequest.DEFAULT_FAIRNESS_ID)) {
            return request;
        }
        String id = agent.of(request.details().headers());
        return id == null ? request : request.withFairnessId(id);
    }

    private PickResult admitAndPick(PickRequest request) {
        if (!admission.isOn()) {
            return pickNow(request, true);
        }
        PoolView view = pool.view();
        if (view.endpoints().length > 0) {
            PickScratch scratch = scratches.take();
            try {
                begin(request, view, scratch);
                if (admission.mayPass(request, view, scratch.context())) {
                    return pickNow(request, view, scratch, false);
                }
                Refused refused = Stages.hopeless(scratch.context());
                if (refused != null) {
                    return refused;
                }
            } finally {
                scratch.context().end();
                scratches.giveBack(scratch);
            }
        }
        return admission.enter(request, this::pickLater);
    }

    /** What is done with a request once its tokens are known, or nobody waits for them any more. */
    private final class AfterTokens implements TokenTicket.Steps {

        private final PickRequest request;

        AfterTokens(PickRequest request) {
            this.request = request;
        }

        /** On any thread, so that the prompt is not looked at. */
        @Override
        public @Nullable PickResult admit(@Nullable TokenChain tokens) {
            if (!admission.isOn() || mayPass()) {
                return null;
            }
            PickRequest known = request.withTokens(tokens);
            return new PickResult.Queued(admission.getInLine(known, BuiltInPicker.this::pickLater));
        }

        private boolean mayPass() {
            PoolView view = pool.view();
            PickScratch scratch = scratches.take();
            try {
                begin(request, view, scratch);
                return admission.mayPass(request, view, scratch.context());
            } finally {
                scratch.context().end();
                scratches.giveBack(scratch);
            }
        }

        @Override
        public Decided pick(@Nullable TokenChain tokens) {
            return pickNow(request.withTokens(tokens), !admission.isOn());
        }
    }

    private Decided pickLater(PickRequest waited) {
        return pickNow(waited, false);
    }

    /** Returns what became of questions about prompts' tokens. */
    TokenCounts tokenCounts() {
        return tokenizer.counts();
    }

    /** Returns whether prompts are matched by their tokens. */
    boolean readsTokens() {
        return pool.view().schedule().tokenizing() != null;
    }

    /** Returns what servers told about their caches, by the endpoint's name. */
    Map<String, EndpointCache> caches() {
        Map<String, EndpointCache> caches = new LinkedHashMap<>();
        for (EndpointState state : pool.view().endpoints()) {
            caches.put(
                    state.endpoint().name(),
                    new EndpointCache(state.cacheCounts().snapshot(), state.blocks().size()));
        }
        return caches;
    }

    private Decided pickNow(PickRequest request, boolean sheds) {
        PoolView view = pool.view();
        if (view.endpoints().length == 0) {
            return noEndpoints();
        }
        PickScratch scratch = scratches.take();
        try {
            begin(request, view, scratch);
            return pickNow(request, view, scratch, sheds);
        } finally {
            scratch.context().end();
            scratches.giveBack(scratch);
        }
    }

    private Decided pickNow(
            PickRequest request, PoolView view, PickScratch scratch, boolean sheds) {
        PickRecorder recorder = decisions.isOn() ? new PickRecorder() : null;
        Refused refused = Stages.run(view.schedule(), scratch, recorder, true, sheds);
        if (recorder != null) {
            decisions.add(key, explanation(request, view, scratch, recorder, refused));
        }
        return refused != null ? refused : new Picked(settle(request, view, scratch));
    }

    /** Returns what would become of a request now; reserves and remembers nothing. */
    Explanation explain(PickRequest asked) {
        PoolView view = pool.view();
        TokenQuestion question = TokenStage.question(asked, view);
        PickRequest request =
                question == null ? asked : asked.withTokens(tokenizer.remembered(question));
        PickRecorder recorder = new PickRecorder();
        long now = nanoTime.getAsLong();
        if (view.endpoints().length == 0) {
            return recorder.explanation(request, now, null, noEndpoints());
        }
        PickScratch scratch = scratches.take();
        try {
            begin(request, view, scratch);
            Refused refused =
                    Stages.run(view.schedule(), scratch, recorder, false, !admission.isOn());
            return explanation(request, view, scratch, recorder, refused);
        } finally {
            scratch.context().end();
            scratches.giveBack(scratch);
        }
    }

    @Override
    public void update(List<Endpoint> endpoints, PickerSettings settings) {
        try {
            pool.update(endpoints, settings);
        } finally {
            admission.poolChanged();
        }
    }

    /** Lets go of all endpoints; requests on them can still be settled. */
    void retire() {
        admission.control().end();
        pool.retire();
    }

    /** Returns who waits. */
    FlowSnapshot flows() {
        return admission.snapshot();
    }

    @Override
    public List<EndpointSnapshot> endpoints() {
        long now = nanoTime.getAsLong();
        List<EndpointSnapshot> snapshots = new ArrayList<>();
        for (var state : pool.view().endpoints()) {
            snapshots.add(state.snapshot(now));
        }
        return List.copyOf(snapshots);
    }

    private static Refused noEndpoints() {
        return new Refused(Reason.NO_ENDPOINTS, "no endpoint of the pool is ready", 1);
    }

    private void begin(PickRequest request, PoolView view, PickScratch scratch) {
        scratch.ensureCapacity(view.endpoints().length);
        scratch.context().prefixes().reuse(books.reuse());
        scratch.context().prefixes().beginnings(view.beginnings());
        scratch.context().countsOutput(view.schedule().load().countsOutput());
        scratch.context().servedByAll(pool.commonModels(view));
        scratch.context()
                .begin(
                        request,
                        view.endpoints(),
                        view.schedule().prefixSettings(),
                        view.schedule().predictsLatency() ? books.predictor() : null,
                        nanoTime.getAsLong());
    }

    private static Explanation explanation(
            PickRequest request,
            PoolView view,
            PickScratch scratch,
            PickRecorder recorder,
            @Nullable Refused refused) {
        PickContext context = scratch.context();
        int primary = refused != null ? -1 : view.schedule().plan().primary(context);
        return recorder.explanation(
                request,
                context.nowNanos(),
                primary < 0 ? null : context.endpointAt(context.choice(primary)),
                refused);
    }

    private PoolReservation settle(PickRequest request, PoolView view, PickScratch scratch) {
        return Settlement.of(request, view, scratch, books);
    }
}
