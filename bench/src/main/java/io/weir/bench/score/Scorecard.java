package io.weir.bench.score;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Runs every policy of a study on every workload with every seed. */
final class Scorecard {

    private final Study study;
    private final int workers;
    private final Consumer<Row> done;

    /**
     * Returns a scorecard that has not begun.
     *
     * @param workers threads that run
     * @param done hears of every new line, one at a time
     */
    Scorecard(Study study, int workers, Consumer<Row> done) {
        this.study = study;
        this.workers = workers;
        this.done = done;
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
        for (Policy policy : longestFirst()) {
            for (Workload workload : study.workloads()) {
                jobs.add(() -> job(workload, policy, present, rows));
            }
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(workers)) {
            for (Future<Void> future : executor.invokeAll(jobs)) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return new Results(study.workloads(), study.policies(), study.seeds(), rows);
    }

    /** A search takes many runs: begun last, it would keep one thread busy and the others idle. */
    private List<Policy> longestFirst() {
        return study.policies().stream()
                .sorted(Comparator.comparing(policy -> !study.isSearched().test(policy)))
                .toList();
    }

    private Void job(Workload workload, Policy policy, Set<Row.Key> present, List<Row> rows) {
        Search search = new Search(workload, policy);
        for (long seed : study.seeds()) {
            if (present.contains(new Row.Key(workload.name(), policy.name(), seed))) {
                continue;
            }
            double highest = study.isSearched().test(policy) ? search.highestRate(seed) : 0;
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
