package io.weir.app.envoy;

import static io.weir.app.envoy.Client.CHAT;
import static io.weir.app.envoy.Client.chat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask without a pause until they are stopped, or have asked so often. */
final class Load implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Client client = new Client();
    private final Envoy envoy;
    private final AtomicInteger left;
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger slowestMillis = new AtomicInteger();
    private final Map<String, Integer> outcomes = new TreeMap<>();

    /**
     * @param concurrency how many ask at once
     * @param most how often they ask altogether
     */
    Load(Envoy envoy, int concurrency, int most) {
        this.envoy = envoy;
        this.left = new AtomicInteger(most);
        for (int i = 0; i < concurrency; i++) {
            threads.execute(this::ask);
        }
    }

    private void ask() {
        while (left.getAndDecrement() > 0) {
            long begun = System.nanoTime();
            String outcome = outcome();
            int millis = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            slowestMillis.accumulateAndGet(millis, Math::max);
            synchronized (outcomes) {
                outcomes.merge(outcome, 1, Integer::sum);
            }
            answered.incrementAndGet();
        }
    }

    private String outcome() {
        try {
            HttpResponse<String> answer = client.post(envoy.url(CHAT), chat("llm", ""));
            return answer.statusCode() == 200 && answer.body().contains("\"choices\"")
                    ? "200"
                    : answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }

    /** Waits until so many have been answered. */
    void await(int answers) throws InterruptedException {
        int target = Math.min(answers, answered.get() + Math.max(0, left.get()));
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(30);
        while (answered.get() < target && System.nanoTime() < end) {
            Thread.sleep(5);
        }
    }

    int answered() {
        return answered.get();
    }

    /** Asks no more, waits for what is under way and returns how often what came. */
    Map<String, Integer> stop() {
        left.set(0);
        return finish();
    }

    /** Waits until all have been asked and returns how often what came. */
    Map<String, Integer> finish() {
        threads.close();
        return outcomes;
    }

    int slowestMillis() {
        return slowestMillis.get();
    }

    @Override
    public void close() {
        stop();
        client.close();
    }
}
