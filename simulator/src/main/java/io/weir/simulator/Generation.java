package io.weir.simulator;

import io.weir.simulator.engine.EngineRequest;
import io.weir.simulator.engine.EngineTask;
import io.weir.simulator.http.Bytes;
import io.weir.simulator.http.ChunkWriter;
import io.weir.simulator.http.Exchange;
import io.weir.simulator.metrics.RequestTimes;
import io.weir.simulator.metrics.ServerMetrics;
import io.weir.simulator.text.Answer;
import io.weir.simulator.wire.Choice;
import io.weir.simulator.wire.Completion;
import io.weir.simulator.wire.WireFormat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One request being answered: sequences in the engine on one side, the client on the other.
 *
 * <p>Tokens of a stream are written after the engine's step, all that came together in one buffer.
 * A client that reads slowly gets them later and in larger buffers; meanwhile only their number is
 * kept.
 */
final class Generation {

    private final Completion completion;
    private final WireFormat format;
    private final Exchange exchange;
    private final EngineDriver driver;
    private final ServerMetrics metrics;
    private final int cutAfterTokens;
    private final List<EngineTask> tasks = new ArrayList<>(1);
    private int unfinished;
    private boolean streamBegun;
    private boolean willWrite;

    Generation(
            Completion completion,
            WireFormat format,
            Exchange exchange,
            EngineDriver driver,
            ServerMetrics metrics,
            int cutAfterTokens) {
        this.completion = completion;
        this.format = format;
        this.exchange = exchange;
        this.driver = driver;
        this.metrics = metrics;
        this.cutAfterTokens = cutAfterTokens;
    }

    /**
     * Begins to answer.
     *
     * @param requests sequences, one for each choice
     */
    void start(List<EngineRequest> requests) {
        unfinished = requests.size();
        exchange.onAbandoned(this::abandon);
        if (completion.request().stream()) {
            exchange.onWritable(this::writeStream);
        }
        for (int i = 0; i < requests.size(); i++) {
            tasks.add(
                    driver.submit(requests.get(i), new Progress(completion.choices().get(i))::on));
        }
        driver.run();
    }

    /** What came out of the engine for one choice. */
    private final class Progress {

        private final Choice choice;
        private long previousNanos = EngineTask.NOT_YET;

        Progress(Choice choice) {
            this.choice = choice;
        }

        void on(EngineTask task, int count, boolean last) {
            choice.generated(task.generatedTokens(), task.cachedTokens());
            measure(task, count);
            if (last) {
                unfinished--;
                metrics.finished(times(task, choice.answer()));
            }
            if (!willWrite && (completion.request().stream() || unfinished == 0)) {
                willWrite = true;
                driver.afterSteps(Generation.this::write);
            }
        }

        private void measure(EngineTask task, int count) {
            int further = count;
            if (previousNanos == EngineTask.NOT_YET) {
                previousNanos = task.firstTokenNanos();
                metrics.prompt(task.request().promptTokens(), task.cachedTokens());
                metrics.firstToken(task.firstTokenNanos() - task.submittedNanos());
                further--;
            }
            if (further > 0) {
                metrics.betweenTokens((task.lastTokenNanos() - previousNanos) / further, further);
                previousNanos = task.lastTokenNanos();
            }
        }
    }

    private RequestTimes times(EngineTask task, Answer answer) {
        return new RequestTimes(
                task.request().promptTokens(),
                task.generatedTokens(),
                completion.request().maxTokens(),
                task.submittedNanos(),
                task.admittedNanos(),
                task.firstTokenNanos(),
                task.lastTokenNanos(),
                answer.finish().name().toLowerCase(Locale.ROOT));
    }

    private void write() {
        willWrite = false;
        if (exchange.hasEnded()) {
            return;
        }
        if (completion.request().stream()) {
            writeStream();
        } else {
            Bytes body = exchange.bytes();
            format.whole(body, completion);
            exchange.reply(200, WireFormat.JSON, body);
        }
    }

    private void writeStream() {
        if (!exchange.isWritable()) {
            return;
        }
        Bytes out = exchange.bytes();
        ChunkWriter chunks = new ChunkWriter(out);
        if (!streamBegun) {
            streamBegun = true;
            exchange.beginStream(out, WireFormat.EVENT_STREAM);
            format.begin(chunks, completion);
        }
        boolean complete = writeTokens(chunks);
        if (isCut()) {
            exchange.write(out);
            cut();
        } else if (complete) {
            format.end(chunks, completion);
            exchange.end(out);
        } else {
            exchange.write(out);
        }
    }

    /** Returns whether there is nothing more to write but the end. */
    private boolean writeTokens(ChunkWriter chunks) {
        boolean complete = true;
        for (Choice choice : completion.choices()) {
            int end = Math.min(choice.generated(), choice.written() + tokensUntilCut());
            format.tokens(chunks, completion, choice, end);
            complete &= choice.isWritten();
        }
        return complete;
    }

    private int tokensUntilCut() {
        return cutAfterTokens < 0
                ? Integer.MAX_VALUE / 2
                : cutAfterTokens - completion.writtenTokens();
    }

    private boolean isCut() {
        return cutAfterTokens >= 0 && completion.writtenTokens() >= cutAfterTokens;
    }

    private void cut() {
        abandon();
        exchange.disconnect();
    }

    private void abandon() {
        for (EngineTask task : tasks) {
            if (task.state() != EngineTask.State.DONE) {
                driver.cancel(task);
                metrics.aborted();
            }
        }
        driver.run();
    }
}
