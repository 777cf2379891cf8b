package io.weir.bench.score;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One workload through a gateway over HTTP, in real time. Requests are sent when they are due,
 * whatever became of those before. Sessions of several turns are not for it.
 */
final class RealRun {

    private static final double NANOS = 1e9;
    private static final Pattern CACHED = Pattern.compile("\"cached_tokens\":(\\d+)");
    private static final Pattern COMPLETION = Pattern.compile("\"completion_tokens\":(\\d+)");

    private final Workload workload;
    private final URI uri;
    private final HttpClient client;
    private final Answers answers;

    /** What was heard of one request. */
    private record Heard(
            double ttftMillis, double tpotMillis, int promptTokens, int cachedTokens) {}

    RealRun(Workload workload, String url, HttpClient client) {
        this.workload = workload;
        this.answers = new Answers(workload.slo());
        this.uri = URI.create(url + "/v1/completions");
        this.client = client;
    }

    /** Runs, and returns what was measured; what only servers know is 0. */
    Outcome run(double rate, long seed) {
        Sessions sessions = workload.source().apply(seed);
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (true) {
                Session session = sessions.next();
                double seconds = session.at() / rate;
                if (seconds >= workload.endSeconds()) {
                    break;
                }
                Work work = session.turns().getFirst();
                HttpRequest request = request(work);
                long due = begin + (long) (seconds * NANOS);
                sleepUntil(due);
                boolean counts = seconds >= workload.warmupSeconds();
                threads.execute(() -> send(request, work, due, counts));
            }
        }
        return outcome(rate);
    }

    private static void sleepUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void send(HttpRequest request, Work work, long dueNanos, boolean counts) {
        @Nullable Heard heard = null;
        try {
            HttpResponse<InputStream> response =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                heard = response.statusCode() == 200 ? read(body, work, dueNanos) : null;
            }
        } catch (IOException _) {
            // Counted below, as one that failed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (counts) {
            count(heard);
        }
    }

    private synchronized void count(@Nullable Heard heard) {
        answers.sent();
        if (heard == null) {
            answers.refused();
        } else {
            answers.answered(
                    heard.promptTokens, heard.cachedTokens, heard.ttftMillis, heard.tpotMillis);
        }
    }

    private static Heard read(InputStream body, Work work, long dueNanos) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        long first = 0;
        long last = 0;
        int cached = 0;
        int tokens = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (!line.startsWith("data: {")) {
                continue;
            }
            Matcher completion = COMPLETION.matcher(line);
            if (completion.find()) {
                tokens = Integer.parseInt(completion.group(1));
                Matcher found = CACHED.matcher(line);
                cached = found.find() ? Integer.parseInt(found.group(1)) : 0;
            } else {
                last = System.nanoTime();
                first = first == 0 ? last : first;
            }
        }
        if (first == 0 || tokens == 0) {
            throw new IOException("an answer without tokens");
        }
        return new Heard(
                (first - dueNanos) / 1e6,
                (last - first) / 1e6 / Math.max(1, tokens - 1),
                work.promptTokens(),
                cached);
    }

    private HttpRequest request(Work work) {
        String body =
                """
                {"model":"%s","stream":true,"stream_options":{"include_usage":true},\
                "ignore_eos":true,"max_tokens":%d,"prompt":"%s"}\
                """
                        .formatted(Run.MODEL, work.answer().tokens(), written(work.prompt()));
        return HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMinutes(3))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** Four letters make a token of the simulated servers. */
    private static String written(List<Segment> text) {
        StringBuilder letters = new StringBuilder();
        for (Segment segment : text) {
            long word = Text.mix(segment.content());
            for (int i = 0; i < segment.tokens(); i++) {
                word = Text.mix(word + i);
                for (int letter = 0; letter < 4; letter++) {
                    letters.append((char) ('a' + ((word >>> (8 * letter)) & 15)));
                }
            }
        }
        return letters.toString();
    }

    private synchronized Outcome outcome(double rate) {
        return answers.outcome(rate, Answers.OfServers.UNKNOWN);
    }
}
