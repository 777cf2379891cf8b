package io.weir.simulator.engine;

import io.weir.simulator.engine.Runs.Heard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The ladder of llm-d's guide to precise prefix routing: eight servers of the 32B profile, 150
 * groups of 5 prompts with 6000 shared and 1200 own tokens, answers of 1000 tokens, Poisson
 * arrivals at rising rates. A stage begins when the one before has drained; caches stay.
 */
final class Ladder {

    private static final int SERVERS = 8;
    private static final int GROUPS = 150;
    private static final int PROMPTS_PER_GROUP = 5;
    private static final int SHARED_BLOCKS = 6000 / 16;
    private static final int OWN_BLOCKS = 1200 / 16;
    private static final int OUTPUT = 1000;
    private static final int TOTAL_BLOCKS = (7200 + OUTPUT) / 16;
    private static final long SCRAPE_NANOS = 50_000_000;

    private final VirtualTime time = new VirtualTime();
    private final List<Engine> engines = new ArrayList<>();
    private final double[] queue = new double[SERVERS];
    private final double[] usage = new double[SERVERS];
    private final SplittableRandom random;
    private final boolean precise;
    private int sent;
    private boolean scraping;

    /** What came of a stage. */
    record Stage(double outputTokensPerSecond, double meanFirstTokenSeconds) {}

    Ladder(boolean precise, long seed) {
        this.precise = precise;
        random = new SplittableRandom(seed);
        for (int i = 0; i < SERVERS; i++) {
            Engine engine = Engine.of(EngineProfile.QWEN_32B_H100, 1, seed * SERVERS + i);
            engines.add(engine);
            time.add(engine);
        }
    }

    Stage run(double perSecond, double seconds) {
        List<Heard> all = new ArrayList<>();
        long begin = time.nowNanos();
        scraping = true;
        scrape();
        double at = 0;
        while (at < seconds) {
            time.at(begin + (long) (at * 1e9), () -> all.add(send()));
            at += random.nextExponential() / perSecond;
        }
        time.at(begin + (long) (seconds * 1e9), () -> scraping = false);
        time.run();
        double duration = (time.nowNanos() - begin) / 1e9;
        double first = all.stream().mapToDouble(Heard::firstMillis).average().orElseThrow() / 1e3;
        return new Stage((double) all.size() * OUTPUT / duration, first);
    }

    private void scrape() {
        for (int i = 0; i < SERVERS; i++) {
            queue[i] = engines.get(i).waiting();
            usage[i] = engines.get(i).kvUsage();
        }
        if (scraping) {
            time.at(time.nowNanos() + SCRAPE_NANOS, this::scrape);
        }
    }

    private Heard send() {
        EngineRequest request = request();
        Engine engine = engines.get(precise ? best(request) : sent % SERVERS);
        sent++;
        Heard heard = new Heard();
        heard.task =
                engine.submit(
                        request,
                        (task, count, last) -> heard.atNanos.add(time.nowNanos()),
                        time.nowNanos());
        return heard;
    }

    private EngineRequest request() {
        int group = random.nextInt(GROUPS);
        int prompt = group * PROMPTS_PER_GROUP + random.nextInt(PROMPTS_PER_GROUP);
        long[] hashes = new long[TOTAL_BLOCKS];
        fill(hashes, 0, SHARED_BLOCKS, group);
        fill(hashes, SHARED_BLOCKS, SHARED_BLOCKS + OWN_BLOCKS, GROUPS + prompt);
        fill(hashes, SHARED_BLOCKS + OWN_BLOCKS, TOTAL_BLOCKS, 1_000_000L + sent);
        return new EngineRequest(7200, OUTPUT, hashes, null);
    }

    private static void fill(long[] hashes, int from, int to, long content) {
        SplittableRandom values = new SplittableRandom(content);
        for (int i = from; i < to; i++) {
            hashes[i] = values.nextLong();
        }
    }

    /** Queue 2, KV cache 2, prefix 3, as the guide deploys it. */
    private int best(EngineRequest request) {
        double least = Arrays.stream(queue).min().orElseThrow();
        double most = Arrays.stream(queue).max().orElseThrow();
        int best = 0;
        double bestScore = -1;
        for (int i = 0; i < SERVERS; i++) {
            double queueScore = most == least ? 1 : (most - queue[i]) / (most - least);
            double prefix = engines.get(i).cachedTokens(request) / (double) request.promptTokens();
            double score = 2 * queueScore + 2 * (1 - usage[i]) + 3 * prefix;
            score += random.nextDouble() * 1e-9;
            if (score > bestScore) {
                bestScore = score;
                best = i;
            }
        }
        return best;
    }
}
