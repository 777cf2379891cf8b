package io.weir.bench.score;

/**
 * One line of the results.
 *
 * @param workload name of the workload
 * @param policy name of the policy
 * @param seed seed of traffic and servers
 * @param highestRate highest rate at which 99 % of the requests met their limits; 0 when it was not
 *     looked for
 * @param outcome what came of a run at the workload's rate
 */
record Row(String workload, String policy, long seed, double highestRate, Outcome outcome) {

    record Key(String workload, String policy, long seed) {}

    Key key() {
        return new Key(workload, policy, seed);
    }
}
