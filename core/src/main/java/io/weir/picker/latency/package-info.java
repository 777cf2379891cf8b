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
 * <p>Nearly, because a prompt that comes when a step has just begun waits for its end, and what
 * else is in that step and in the next is not an average. So the usual time to the first token is
 * predicted in a second way: {@link io.weir.picker.latency.ServerWork} knows when a step was last
 * seen to end and which prompts are not answered, {@link io.weir.picker.latency.StepModel} learns
 * how long steps take, and {@link io.weir.picker.latency.StepWalk} walks through them until the
 * request's own is over. {@link io.weir.picker.latency.LatencyPredictor} goes by the way whose
 * {@link io.weir.picker.latency.MedianError} is smaller at the time: where steps are not what they
 * are taken for, as with servers that several gateways send to or that wait for room in their KV
 * cache, that is the line. The mean is predicted by the line alone.
 *
 * <p>The usual time per token is told by the line and by the steps, too, and what is taken is the
 * mean of both ({@link io.weir.picker.latency.BlendedTpot}). Nobody walks through hundreds of
 * steps, most of them with prompts that have not come yet: {@link
 * io.weir.picker.latency.StepOutlook} works out where the number of sequences goes from what came
 * lately ({@link io.weir.picker.latency.Arrivals}) and how seldom answers end ({@link
 * io.weir.picker.latency.AnswerLength}).
 *
 * <p>One {@link io.weir.picker.latency.LatencyPredictor} belongs to one pool. Any thread predicts,
 * from published values and without waiting. Learning is done by one thread at a time; a sample
 * that comes while another is being learned is dropped, which costs nothing but one of many.
 */
@NullMarked
package io.weir.picker.latency;

import org.jspecify.annotations.NullMarked;
