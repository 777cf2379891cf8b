package io.weir.simulator;

import io.weir.simulator.CompletionRequest.Api;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Answers chat completions and completions. */
final class CompletionHandler {

    private static final byte[] DONE = Json.utf8("data: [DONE]\n\n");

    private final SimulatorConfig config;
    private final Models models;
    private final SimulatorMetrics metrics;
    private final FaultControl faults;
    private final @Nullable EngineRunner runner;
    private final Json json;
    private final AtomicLong requests = new AtomicLong();

    CompletionHandler(
            SimulatorConfig config,
            Models models,
            SimulatorMetrics metrics,
            FaultControl faults,
            @Nullable EngineRunner runner,
            Json json) {
        this.config = config;
        this.models = models;
        this.metrics = metrics;
        this.faults = faults;
        this.runner = runner;
        this.json = json;
    }

    void chat(Exchange exchange) throws IOException, HttpError, InterruptedException {
        handle(exchange, Api.CHAT);
    }

    void completion(Exchange exchange) throws IOException, HttpError, InterruptedException {
        handle(exchange, Api.COMPLETION);
    }

    private void handle(Exchange exchange, Api api)
            throws IOException, HttpError, InterruptedException {
        byte[] body = exchange.body(config.maxBodyBytes());
        var random = new SplittableRandom(config.seed() * 31 + requests.incrementAndGet());
        faults.apply(exchange, random);
        CompletionRequest request = CompletionRequest.of(api, json.object(body));
        String adapter = models.adapterFor(request.model());
        int room = room(request);
        if (runner != null && runner.stats().waiting() >= config.maxWaiting()) {
            throw new HttpError(
                    429, "Failed to enqueue request, waiting requests queue is full", null);
        }
        try (var timing = metrics.start(request, adapter);
                var generation = generation(request, adapter, room, random)) {
            answer(exchange, request, generation, timing);
        }
    }

    private int room(CompletionRequest request) throws HttpError {
        int prompt = request.promptTokens().length;
        int asked = Math.max(1, request.maxTokens());
        if (prompt + asked > config.maxModelTokens()) {
            throw HttpError.badRequest(
                    "This model's maximum context length is %d tokens. However, you requested %d tokens (%d in the prompt, %d in the completion)."
                            .formatted(config.maxModelTokens(), prompt + asked, prompt, asked),
                    "messages");
        }
        return config.maxModelTokens() - prompt;
    }

    private Generation generation(
            CompletionRequest request,
            @Nullable String adapter,
            int room,
            SplittableRandom random) {
        int length =
                config.mode() == SimulatorConfig.Mode.ECHO
                        ? Math.max(1, AnswerText.pieces(request.echo()).size())
                        : Generation.length(request, room, random);
        return Generation.start(runner, request, adapter, length);
    }

    private void answer(
            Exchange exchange,
            CompletionRequest request,
            Generation generation,
            SimulatorMetrics.Timing timing)
            throws IOException, HttpError, InterruptedException {
        String id = exchange.header("X-Request-Id");
        var answer =
                new Answer(
                        request,
                        new AnswerText(request.model(), config.podName()),
                        id != null ? id : config.podName() + "-" + requests.get(),
                        System.currentTimeMillis() / 1000);
        if (request.stream()) {
            stream(exchange, request, generation, answer, timing);
        } else {
            generation.awaitAll();
            timing.finished(generation.length(), request.stopReason(generation.length()));
            exchange.json(Json.utf8(whole(request, generation, answer)));
        }
    }

    private String whole(CompletionRequest request, Generation generation, Answer answer) {
        String content =
                config.mode() == SimulatorConfig.Mode.ECHO
                        ? request.echo()
                        : answer.text(generation.length());
        return answer.whole(content, generation.length(), generation.cachedTokens());
    }

    private void stream(
            Exchange exchange,
            CompletionRequest request,
            Generation generation,
            Answer answer,
            SimulatorMetrics.Timing timing)
            throws IOException, HttpError, InterruptedException {
        int ready = generation.await();
        OutputStream out = exchange.stream();
        if (request.chat()) {
            out.write(Json.utf8(answer.roleChunk()));
        }
        int cutAfter = faults.get().cutAfterChunks();
        for (int sent = 0; sent < generation.length(); sent++) {
            while (ready <= sent) {
                ready = generation.await();
            }
            timing.token();
            if (cutAfter > 0 && sent >= cutAfter) {
                throw Exchange.cut();
            }
            boolean last = sent + 1 == generation.length();
            out.write(Json.utf8(answer.chunk(token(request, answer, sent), last, sent + 1)));
            out.flush();
        }
        timing.finished(generation.length(), request.stopReason(generation.length()));
        if (request.includeUsage()) {
            out.write(Json.utf8(answer.usageChunk(generation.length(), generation.cachedTokens())));
        }
        out.write(DONE);
        out.close();
    }

    private String token(CompletionRequest request, Answer answer, int index) {
        return config.mode() == SimulatorConfig.Mode.ECHO
                ? AnswerText.pieces(request.echo()).get(index)
                : answer.token(index);
    }
}
