package io.weir.app.journey;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Clients that send requests at a steady rate, whether answers come or not; some are streams. */
final class Traffic implements AutoCloseable {

    private static final int STREAM_EVERY = 10;

    private final WeirRunner weir;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger completeStreams = new AtomicInteger();
    private volatile boolean stopped;

    private Traffic(WeirRunner weir) {
        this.weir = weir;
    }

    static Traffic start(WeirRunner weir, int perSecond) {
        Traffic traffic = new Traffic(weir);
        Thread.ofPlatform().daemon().name("traffic").start(() -> traffic.run(perSecond));
        return traffic;
    }

    private void run(int perSecond) {
        long gap = 1_000_000_000L / perSecond;
        long next = System.nanoTime();
        while (!stopped) {
            int number = sent.incrementAndGet();
            threads.execute(() -> request(number));
            next += gap;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private void request(int number) {
        boolean stream = number % STREAM_EVERY == 0;
        long sentAt = System.nanoTime();
        try {
            if (stream) {
                streams.incrementAndGet();
                stream(sentAt);
            } else {
                unary(sentAt);
            }
        } catch (IOException e) {
            failures.add(String.valueOf(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            answered.incrementAndGet();
        }
    }

    private void unary(long sentAt) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(body(false), BodyHandlers.ofString());
        note(response, sentAt);
        if (response.statusCode() != 200) {
            failures.add(response.statusCode() + " " + response.body());
        }
    }

    private void stream(long sentAt) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(body(true), BodyHandlers.ofInputStream());
        note(response, sentAt);
        try (BufferedReader events =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            if (events.lines().anyMatch("data: [DONE]"::equals)) {
                completeStreams.incrementAndGet();
            } else {
                failures.add("a stream ended without [DONE]");
            }
        }
    }

    private void note(HttpResponse<?> response, long sentAt) {
        seen.add(new Seen(response.headers().firstValue("x-inference-pod").orElse(""), sentAt));
    }

    private HttpRequest body(boolean stream) {
        String body =
                """
                {"model": "food-review-1", "stream": %s, "max_tokens": 20,
                 "messages": [{"role": "user", "content": "Hello"}]}\
                """
                        .formatted(stream);
        return HttpRequest.newBuilder(weir.url("/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    /** Waits until so many requests were answered. */
    void await(int requests) throws InterruptedException {
        while (answered.get() < requests) {
            Thread.sleep(5);
        }
    }

    /** Returns where the next requests go, counted from those that are sent from now on. */
    Split nextSplit(int requests, String firstPool) throws InterruptedException {
        long from = System.nanoTime();
        List<Seen> after = new ArrayList<>();
        while (after.size() < requests) {
            Thread.sleep(10);
            after.clear();
            seen.stream().filter(one -> one.sentAt > from).forEach(after::add);
        }
        long first = after.stream().filter(one -> one.pod.startsWith(firstPool)).count();
        return new Split((int) first, after.size());
    }

    /** Stops to send and waits for the answers under way. */
    void stop() throws InterruptedException {
        stopped = true;
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (answered.get() < sent.get() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
    }

    List<String> failures() {
        return failures;
    }

    int streams() {
        return streams.get();
    }

    int completeStreams() {
        return completeStreams.get();
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
        client.shutdownNow();
    }

    private record Seen(String pod, long sentAt) {}

    /**
     * Where requests went.
     *
     * @param first to the first pool
     * @param all in all
     */
    record Split(int first, int all) {}
}
