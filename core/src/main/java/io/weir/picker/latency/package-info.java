/**
 * Predicts how long a server will take: the time to the first token (TTFT) and the time per output
 * token (TPOT).
 *
 * <p>A model server works in steps, and a step takes a constant, something for each sequence, for
 * each token in the cache and for each token of prompt that is computed in it. Both times are thus
 * nearly linear in what a gateway knows at the moment of a pick ({@link
 * io.weir.picker.latency.LatencyFeatures}), and {@link
 * io.weir.picker.latency.RecursiveLeastSquares} finds the weights from the requests that go by, one
 * at a time and without keeping them. {@link io.weir.picker.latency.ServerPace} holds by how much
 * one server is slower than its pool, {@link io.weir.picker.latency.RatioQuantile} how far off the
 * predictions are, for limits that most requests shall keep.
 *
 * <p>One {@link io.weir.picker.latency.LatencyPredictor} belongs to one pool. Any thread predicts,
 * from published values and without waiting. Learning is done by one thread at a time; a sample
 * that comes while another is being learned is dropped, which costs nothing but one of many.
 */
@NullMarked
package io.weir.picker.latency;

import org.jspecify.annotations.NullMarked;
