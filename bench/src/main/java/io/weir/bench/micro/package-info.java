/**
 * What single steps of a pick cost, by JMH ({@code weir bench micro}), and what scraping costs over
 * real sockets ({@code weir bench scrape}).
 *
 * <p>Benchmarks run in a process of their own, one thread each. A state object belongs to the
 * thread that runs the benchmark.
 */
@NullMarked
package io.weir.bench.micro;

import org.jspecify.annotations.NullMarked;
