package io.weir.proxy.exchange;

import io.weir.body.BodyFacts;
import io.weir.body.ModelSplice;
import io.weir.body.OpenAiError;
import io.weir.model.ModelRewrites;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.RequestDetails;
import io.weir.picker.Reservation;
import io.weir.picker.Ticket;
import io.weir.picker.external.ExternalPicker;
import io.weir.proxy.http.WeirHeaders;
import io.weir.routing.Backend;
import io.weir.routing.Pool;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/** From a backend to the endpoints that will be tried. */
sealed interface Target {

    /**
     * Endpoints in order.
     *
     * @param endpoints the endpoints
     * @param splice how the body's model changes; null when it stays
     * @param metered whether answers carry token usage
     */
    record Endpoints(Reservation endpoints, @Nullable ModelSplice splice, boolean metered)
            implements Target {}

    /**
     * A picker elsewhere has to be asked.
     *
     * @param pool the pool
     * @param picker its picker
     */
    record Elsewhere(Pool pool, ExternalPicker picker) implements Target {

        /** Endpoints for when the picker can't be asked: those of the pool in turn. */
        Target anyone(@Nullable BodyFacts facts, ExchangeRecord record) {
            ServiceEndpoints endpoints = ServiceEndpoints.of(picker.rotation());
            if (endpoints == null) {
                return noneReady();
            }
            String model = facts == null ? null : facts.model();
            String rewritten = facts == null ? null : rewrite(pool, model, record);
            record.targetModel = rewritten == null ? model : rewritten;
            return new Endpoints(endpoints, splice(facts, model, rewritten), true);
        }
    }

    /**
     * The request waits in front of a saturated pool.
     *
     * @param ticket tells when the wait is over
     * @param model the model that servers will be asked for
     * @param splice how the body's model changes; null when it stays
     */
    record Waiting(Ticket ticket, @Nullable String model, @Nullable ModelSplice splice)
            implements Target {

        /** Returns what comes of it, after the wait. */
        Target decide() {
            return decided(ticket.take(), model, splice);
        }
    }

    /** An answer in place of endpoints. */
    record Answered(Answer answer) implements Target {}

    /**
     * Finds the endpoints of a backend; fills the record with what was decided.
     *
     * @param isCopy whether nobody waits for an answer, so that it is not worth asking around
     */
    static Target of(
            Backend backend,
            IncomingRequest request,
            RequestBody body,
            @Nullable BodyFacts facts,
            Worker worker,
            ExchangeRecord record,
            boolean isCopy) {
        return switch (backend) {
            case Backend.ToPool to ->
                    ofPool(to.pool(), request, body, facts, worker, record, isCopy);
            case Backend.ToService service -> ofService(service);
            case Backend.Unresolved(String reason) ->
                    new Answered(Answer.error(OpenAiError.internal("No backend."), reason));
        };
    }

    private static Target ofService(Backend.ToService service) {
        ServiceEndpoints endpoints = ServiceEndpoints.of(service.choice());
        if (endpoints == null) {
            String reason = "Service " + service.service() + " has no ready endpoint";
            return new Answered(
                    Answer.error(OpenAiError.noEndpoints("The backend has no endpoint."), reason));
        }
        return new Endpoints(endpoints, null, false);
    }

    private static Target ofPool(
            Pool pool,
            IncomingRequest request,
            RequestBody body,
            @Nullable BodyFacts facts,
            Worker worker,
            ExchangeRecord record,
            boolean isCopy) {
        record.pool = pool.key();
        String model = facts == null ? null : facts.model();
        if (pool.external() != null) {
            record.targetModel = model;
            return pool.endpoints().isEmpty() ? noneReady() : new Elsewhere(pool, pool.external());
        }
        String rewritten = facts == null ? null : rewrite(pool, model, record);
        String target = rewritten == null ? model : rewritten;
        record.targetModel = target;
        String objective = WeirHeaders.objective(request.headers());
        record.priority = priority(pool, objective, model);
        SentBody sent = facts == null || isCopy ? null : new SentBody(request.path(), body, facts);
        PickRequest question =
                PickRequest.forModel(target)
                        .modelIsRewritten(rewritten != null)
                        .prompt(
                                facts == null ? List.of() : body.views(facts.promptRanges()),
                                facts == null ? 0 : facts.promptTokensEstimate())
                        .maxTokens(facts == null ? -1 : facts.maxTokens())
                        .priority(record.priority)
                        .fairnessId(WeirHeaders.fairnessId(request.headers()))
                        .objective(objective)
                        .details(details(request, facts, record).withSent(sent))
                        .build();
        PickResult result = worker.pickers().forPool(pool.key()).pick(question);
        record.pickedNanos = worker.now();
        ModelSplice splice = splice(facts, model, rewritten);
        return switch (result) {
            case PickResult.Decided decided -> decided(decided, target, splice);
            case PickResult.Queued(Ticket ticket) -> new Waiting(ticket, target, splice);
        };
    }

    private static Target decided(
            PickResult.Decided decided, @Nullable String model, @Nullable ModelSplice splice) {
        return switch (decided) {
            case PickResult.Picked(Reservation reservation) ->
                    new Endpoints(reservation, splice, true);
            case PickResult.Refused refused -> {
                String named = Objects.requireNonNullElse(model, "");
                yield new Answered(Answer.refusedByPicker(refused, named));
            }
        };
    }

    private static RequestDetails details(
            IncomingRequest request, @Nullable BodyFacts facts, ExchangeRecord record) {
        return new RequestDetails(
                Objects.requireNonNullElse(record.requestId, ""),
                record.receivedNanos,
                facts == null ? Math.max(0, request.bodyBytes()) : facts.bodyBytes(),
                facts != null && facts.stream(),
                request::header,
                List.of());
    }

    private static Target noneReady() {
        String reason = "no endpoint of the pool is ready";
        return new Answered(Answer.error(OpenAiError.noEndpoints(reason), reason));
    }

    /** An objective that the request names goes before what its model says. */
    private static int priority(Pool pool, @Nullable String objective, @Nullable String model) {
        Integer named = objective == null ? null : pool.priorities().get(objective);
        if (named != null) {
            return named;
        }
        return model == null ? 0 : pool.modelPriorities().getOrDefault(model, 0);
    }

    private static @Nullable String rewrite(
            Pool pool, @Nullable String model, ExchangeRecord record) {
        ModelRewrites.Rule rule = pool.rewrites().ruleFor(model);
        String target = rule == null ? null : rule.targets().choose();
        if (rule != null && target != null) {
            record.rewrite = rule.source();
        }
        return target;
    }

    private static @Nullable ModelSplice splice(
            @Nullable BodyFacts facts, @Nullable String model, @Nullable String rewritten) {
        if (facts == null || rewritten == null || rewritten.equals(model)) {
            return null;
        }
        return ModelSplice.of(facts, rewritten);
    }
}
