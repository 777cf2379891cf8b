package io.weir.bench.score;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Runs every policy on every workload with every seed, on all processors. */
final class Scorecard {

    private final List<Workload> workloads;
    private final List<Policy> policies;
    private final List<Long> seeds;
    private final Predicate<Policy> isSearched;
    private final Consumer<Row> done;

    /**
     * Returns a scorecard that has not begun.
     *
     * @param isSearched for which policies the highest rate is looked for
     * @param done hears of every new line, one at a time
     */
    Scorecard(
            List<Workload> workloads,
            List<Policy> policies,
            List<Long> seeds,
            Predicate<Policy> isSearched,
            Consumer<Row> done) {
        this.workloads = List.copyOf(workloads);
        this.policies = List.copyOf(policies);
        this.seeds = List.copyOf(seeds);
        this.isSearched = isSearched;
        this.done = done;
    }

    int size() {
        return workloads.size() * policies.size() * seeds.size();
    }

    /**
     * Runs.
     *
     * @param known lines that are there already
     */
    Results run(List<Row> known) throws InterruptedException {
        List<Row> rows = Collections.synchronizedList(new ArrayList<>(known));
        Set<Row.Key> present = new HashSet<>();
        known.forEach(row -> present.add(row.key()));
        List<Callable<Void>> jobs = new ArrayList<>();
        for (Workload workload : workloads) {
            for (Policy policy : policies) {
                jobs.add(() -> job(workload, policy, present, rows));
            }
        }
        try (ExecutorService executor =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            for (Future<Void> future : executor.invokeAll(jobs)) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return new Results(workloads, policies, seeds, rows);
    }

    private Void job(Workload workload, Policy policy, Set<Row.Key> present, List<Row> rows) {
        Search search = new Search(workload, policy);
        for (long seed : seeds) {
            if (present.contains(new Row.Key(workload.name(), policy.name(), seed))) {
                continue;
            }
            double highest = isSearched.test(policy) ? search.highestRate(seed) : 0;
            Outcome outcome =
                    new Run(workload, policy, workload.rate(), seed, Long.MAX_VALUE).run();
            Row row = new Row(workload.name(), policy.name(), seed, highest, outcome);
            rows.add(row);
            synchronized (done) {
                done.accept(row);
            }
        }
        return null;
    }
}
