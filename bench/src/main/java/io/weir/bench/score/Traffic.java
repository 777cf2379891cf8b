package io.weir.bench.score;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Traffic that is made up from the parameters of published traces and benchmarks. */
final class Traffic {

    private static final int ARRIVALS = 1;
    private static final int LENGTHS = 2;
    private static final int CONTENTS = 3;
    private static final int CHOICES = 4;

    private final Draw arrivals;
    private final Draw lengths;
    private final Draw contents;
    private final Draw choices;
    private final long seed;
    private double at;

    private Traffic(long seed) {
        this.seed = seed;
        arrivals = new Draw(seed, ARRIVALS);
        lengths = new Draw(seed, LENGTHS);
        contents = new Draw(seed, CONTENTS);
        choices = new Draw(seed, CHOICES);
    }

    /** Lengths like ShareGPT's up to 1,024 tokens, independent clients. */
    static Sessions shareGpt(long seed) {
        Traffic traffic = new Traffic(seed);
        return () -> traffic.single(1, traffic.shareGptWork(null));
    }

    /** Azure's conversations of 2023: lognormal lengths, nothing shared. */
    static Sessions azure(long seed) {
        Traffic traffic = new Traffic(seed);
        return () -> traffic.single(1.09, traffic.azureWork());
    }

    /** Groups of prompts with a long common begin. */
    static Sessions sharedPrefix(long seed, int groups, int shared, int own, int output) {
        Traffic traffic = new Traffic(seed);
        return () -> {
            int group = traffic.choices.below(groups);
            int prompt = group * 5 + traffic.choices.below(5);
            return traffic.single(
                    1,
                    traffic.work(
                            List.of(
                                    traffic.shared(1, group, shared),
                                    traffic.shared(2, prompt, own)),
                            output));
        };
    }

    /** Chats: a system prompt common to all, a document of their own, and several turns. */
    static Sessions chats(long seed) {
        Traffic traffic = new Traffic(seed);
        return traffic::chat;
    }

    /** ShareGPT-like requests for adapters of unequal popularity. */
    static Sessions adapters(long seed, List<String> names, double[] weights) {
        Traffic traffic = new Traffic(seed);
        return () -> {
            String adapter = names.get(traffic.choices.weighted(weights));
            return traffic.single(1, traffic.shareGptWork(adapter));
        };
    }

    /** One in twelve prompts is very long. */
    static Sessions longContext(long seed) {
        Traffic traffic = new Traffic(seed);
        return () -> {
            boolean isLong = traffic.choices.chance(1.0 / 12);
            int prompt =
                    isLong
                            ? traffic.lengths.lognormal(Math.log(24_000), 0.6, 8_000, 96_000)
                            : traffic.lengths.lognormal(6.0, 0.8, 16, 4_000);
            return traffic.single(
                    1,
                    traffic.work(
                            List.of(traffic.fresh(prompt)),
                            traffic.lengths.lognormal(5.0, 0.8, 4, 1_500)));
        };
    }

    /** Short questions and long thoughts. */
    static Sessions decodeHeavy(long seed) {
        Traffic traffic = new Traffic(seed);
        return () ->
                traffic.single(
                        1,
                        traffic.work(
                                List.of(
                                        traffic.fresh(
                                                traffic.lengths.lognormal(5, 0.6, 16, 1_000))),
                                traffic.lengths.ofMean(1_500, 1_100, 64, 6_000)));
    }

    /** ShareGPT-like requests, of which a part comes a thousand at a time. */
    static Sessions bursts(long seed, int burst, int between) {
        Traffic traffic = new Traffic(seed);
        return new Sessions() {
            private int place;

            @Override
            public Session next() {
                int phase = place++ % (burst + between);
                double gap = phase < between ? traffic.arrivals.gap() : 0;
                // The time that a burst would have taken is spread over the others.
                traffic.at += gap * (burst + between) / between;
                return new Session(traffic.at, List.of(traffic.shareGptWork(null)));
            }
        };
    }

    /**
     * Long conversations in the proportions of Mooncake's trace: documents that are asked about
     * again and again, most of them once.
     */
    static Sessions mooncake(long seed) {
        Traffic traffic = new Traffic(seed);
        return new Sessions() {
            private final List<List<Segment>> recent = new ArrayList<>();

            @Override
            public Session next() {
                List<Segment> prompt = new ArrayList<>();
                boolean again = recent.size() > 20 && traffic.choices.chance(0.42);
                if (again) {
                    int back = (int) (recent.size() * Math.pow(traffic.choices.uniform(0, 1), 2));
                    prompt.addAll(recent.get(recent.size() - 1 - back));
                    prompt.add(traffic.fresh(traffic.lengths.lognormal(6.2, 1.0, 16, 8_000)));
                } else {
                    prompt.add(traffic.shared(1, 0, 512));
                    prompt.add(traffic.fresh(traffic.lengths.lognormal(8.6, 1.2, 64, 100_000)));
                }
                int output = traffic.lengths.ofMean(343, 230, 4, 2_000);
                Work work = traffic.work(prompt, output);
                List<Segment> next = new ArrayList<>(prompt);
                next.add(work.answer());
                if (Text.tokens(next) < 120_000) {
                    recent.add(next);
                }
                return traffic.single(1, work);
            }
        };
    }

    private Session chat() {
        at += arrivals.gap();
        List<Segment> context = new ArrayList<>();
        context.add(shared(1, 0, 1_000));
        context.add(fresh(lengths.ofMean(4_000, 2_500, 100, 20_000)));
        int turns = lengths.ofMean(5, 2.5, 1, 16);
        List<Work> work = new ArrayList<>();
        for (int i = 0; i < turns; i++) {
            context.add(fresh(lengths.ofMean(50, 40, 4, 400)));
            Segment answer = fresh(lengths.normal(300, 150, 10, 900));
            long pause = (long) (1e9 * lengths.lognormal(Math.log(6), 0.8));
            work.add(new Work(context, answer, null, pause));
            context.add(answer);
        }
        return new Session(at, work);
    }

    private Session single(double variation, Work work) {
        at += variation == 1 ? arrivals.gap() : arrivals.gap(variation);
        return new Session(at, List.of(work));
    }

    private Work shareGptWork(@Nullable String adapter) {
        int prompt = lengths.lognormal(4.7, 1.3, 4, 1_024);
        int output = lengths.lognormal(5.0, 0.97, 4, 1_024);
        return new Work(List.of(fresh(prompt)), fresh(output), adapter, 0);
    }

    private Work azureWork() {
        int prompt = lengths.lognormal(6.633, 0.985, 16, 4_100);
        int output = lengths.lognormal(5.019, 0.859, 4, 1_000);
        return work(List.of(fresh(prompt)), output);
    }

    private Work work(List<Segment> prompt, int output) {
        return Work.of(prompt, fresh(output));
    }

    private Segment fresh(int tokens) {
        return new Segment(contents.content(), tokens);
    }

    private Segment shared(int kind, int number, int tokens) {
        return new Segment(Text.mix(seed * 31 + kind) + Text.mix(number), tokens);
    }
}
