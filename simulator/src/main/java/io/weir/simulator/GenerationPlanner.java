package io.weir.simulator;

import io.weir.simulator.engine.EngineRequest;
import io.weir.simulator.engine.EngineRequest.Content;
import io.weir.simulator.text.Answer;
import io.weir.simulator.text.BlockHasher;
import io.weir.simulator.text.Speech;
import io.weir.simulator.wire.Choice;
import io.weir.simulator.wire.GenerationRequest;
import io.weir.simulator.wire.Prompt;
import io.weir.simulator.wire.RequestException;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Decides what will be answered, and turns it into work for the engine. */
final class GenerationPlanner {

    private static final byte[] SPACE = {' '};

    private final SimulatorConfig config;
    private final Models models;
    private final RandomGenerator random;
    private final ContextWindow window;

    GenerationPlanner(SimulatorConfig config, Models models, RandomGenerator random) {
        this.config = config;
        this.models = models;
        this.random = random;
        long max = Math.min(config.maxModelTokens(), config.profile().kvTokens());
        window = new ContextWindow((int) max, config.refusesLongPrompts());
    }

    /**
     * What is going to happen.
     *
     * @param choices answers
     * @param sequences work for the engine, one for each answer
     */
    record Plan(List<Choice> choices, List<EngineRequest> sequences) {}

    /** Plans the answers to a request for a model that is served. */
    Plan plan(GenerationRequest request, String model) throws RequestException {
        int count = request.prompts().size() * request.choices();
        Plan plan = new Plan(new ArrayList<>(count), new ArrayList<>(count));
        RandomGenerator words =
                request.seed() == null ? random : new SplittableRandom(request.seed());
        for (Prompt prompt : request.prompts()) {
            for (int i = 0; i < request.choices(); i++) {
                add(plan, request, model, prompt, words);
            }
        }
        return plan;
    }

    private void add(
            Plan plan,
            GenerationRequest request,
            String model,
            Prompt prompt,
            RandomGenerator words)
            throws RequestException {
        BlockHasher hasher = hasher(request, model);
        ContextWindow.Fit fit = window.fit(prompt, hasher, request.maxTokens());
        Answer answer = answer(request, model, prompt, fit, words);
        answer.encode(hasher);
        plan.choices.add(new Choice(plan.choices.size(), fit.promptTokens(), answer));
        plan.sequences.add(
                new EngineRequest(
                        fit.promptTokens(),
                        answer.tokens(),
                        hasher.hashes(),
                        models.adapter(model),
                        content(request, hasher)));
    }

    private BlockHasher hasher(GenerationRequest request, String model) {
        String adapter = models.isBase(model) ? "" : model;
        long root = BlockHasher.root(config.root(), adapter, request.cacheSalt());
        return new BlockHasher(root, config.profile().blockTokens(), config.kvEvents() != null);
    }

    private @Nullable Content content(GenerationRequest request, BlockHasher hasher) {
        return config.kvEvents() == null ? null : new Content(hasher.kept(), request.cacheSalt());
    }

    private Answer answer(
            GenerationRequest request,
            String model,
            Prompt prompt,
            ContextWindow.Fit fit,
            RandomGenerator words) {
        Speech speech = models.speech(model);
        Answer answer =
                switch (config.mode()) {
                    case ECHO -> Answer.of(nonEmpty(prompt.echo()), fit.roomTokens());
                    case RANDOM -> sentences(request, speech, fit.answerTokens(), words);
                };
        return Stops.apply(answer, request.stops(), request.minTokens());
    }

    private static Answer sentences(
            GenerationRequest request, Speech speech, int maxTokens, RandomGenerator words) {
        if (request.ignoreEos() && request.maxTokens() > 0) {
            return speech.exactly(maxTokens, words);
        }
        return speech.natural(Math.min(maxTokens, request.minTokens()), maxTokens, words);
    }

    private static byte[] nonEmpty(String text) {
        return text.isEmpty() ? SPACE : text.getBytes(StandardCharsets.UTF_8);
    }
}
