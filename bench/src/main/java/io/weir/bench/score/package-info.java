/**
 * How well endpoints are picked: every policy on every workload, in virtual time.
 *
 * <p>A {@link io.weir.bench.score.Run} drives a picker, the very object that serves requests in a
 * gateway, against the engines that serve them in the simulator, from one queue of events and
 * without a thread or a clock of its own. Reservations are made and settled as a gateway does;
 * servers' metrics reach the picker as often and as late as the scraper brings them. The same seed
 * gives the same traffic to every policy, and the same outcome every time.
 *
 * <p>A {@link io.weir.bench.score.Search} finds the highest rate that a policy can take, a {@link
 * io.weir.bench.score.Scorecard} does so for all of them on all processors, one job per thread, and
 * {@link io.weir.bench.score.Comparison} tells what of it is chance.
 */
@NullMarked
package io.weir.bench.score;

import org.jspecify.annotations.NullMarked;
