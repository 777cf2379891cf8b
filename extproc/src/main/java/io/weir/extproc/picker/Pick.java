package io.weir.extproc.picker;

import io.weir.body.BodyFacts;
import io.weir.body.ModelSplice;
import io.weir.extproc.wire.HeaderNames;
import io.weir.extproc.wire.Headers;
import io.weir.model.ModelRewrites;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.RequestDetails;
import io.weir.routing.Pool;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/** Settles the model of one request and asks the picker. */
final class Pick {

    private final PickerTarget target;
    private final Pool pool;
    private final Headers headers;
    private final ExchangeRecord exchange;

    Pick(PickerTarget target, Pool pool, Headers headers, ExchangeRecord exchange) {
        this.target = target;
        this.pool = pool;
        this.headers = headers;
        this.exchange = exchange;
    }

    /** The target model goes: rule of the pool, then header of a trusted hop, then the body. */
    @Nullable String targetModel(@Nullable BodyFacts facts) {
        String asked = facts == null ? null : facts.model();
        exchange.model = asked;
        String wanted = headers.first(HeaderNames.MODEL_REWRITE);
        String model = wanted != null && facts != null ? wanted : asked;
        ModelRewrites.Rule rule = facts == null ? null : pool.rewrites().ruleFor(asked);
        if (rule != null) {
            String ruled = rule.targets().choose();
            if (ruled != null) {
                exchange.rewrite = rule.source();
                model = ruled;
            }
        }
        exchange.targetModel = model;
        return model;
    }

    /** Returns how the body has to change, or null when it stays as it is. */
    static @Nullable ModelSplice splice(@Nullable BodyFacts facts, @Nullable String targetModel) {
        if (facts == null || targetModel == null || targetModel.equals(facts.model())) {
            return null;
        }
        return ModelSplice.of(facts, targetModel);
    }

    PickResult pick(
            @Nullable BodyFacts facts,
            Told told,
            @Nullable String targetModel,
            @Nullable SubsetHint subset,
            @Nullable EndpointScores scores) {
        String objective = headers.first(HeaderNames.OBJECTIVE);
        exchange.priority = priority(objective, facts);
        boolean rewritten = facts != null && !Objects.equals(targetModel, facts.model());
        PickRequest question =
                PickRequest.forModel(targetModel)
                        .modelIsRewritten(rewritten)
                        .prompt(told.prompt(), told.promptTokens())
                        .maxTokens(told.maxTokens())
                        .priority(exchange.priority)
                        .fairnessId(headers.first(HeaderNames.FAIRNESS_ID))
                        .objective(objective)
                        .subset(subset)
                        .details(details(told))
                        .scored(scores)
                        .build();
        return target.picker().pick(question);
    }

    private RequestDetails details(Told told) {
        return new RequestDetails(
                Objects.requireNonNullElse(exchange.requestId, ""),
                exchange.receivedNanos,
                exchange.requestBytes,
                told.stream(),
                headers::get,
                told.media(),
                told.sent(),
                null);
    }

    private int priority(@Nullable String objective, @Nullable BodyFacts facts) {
        Integer priority = objective == null ? null : pool.priorities().get(objective);
        if (priority == null && facts != null && facts.model() != null) {
            priority = pool.modelPriorities().get(facts.model());
        }
        return priority == null ? 0 : priority;
    }
}
