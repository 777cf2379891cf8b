/**
 * The plugins of a picker: what they are given and what they answer.
 *
 * <p>A {@link io.weir.picker.plugin.Schedule} runs its {@link io.weir.picker.plugin.Screener
 * screeners}, asks its {@link io.weir.picker.plugin.Admitter admitters}, and then runs one or more
 * profiles, as its {@link io.weir.picker.plugin.ProfilePlan plan} says. A profile runs its {@link
 * io.weir.picker.plugin.Filter filters} in order, adds up what its {@link
 * io.weir.picker.plugin.Scorer scorers} say, each 0..1 times its weight, and lets its {@link
 * io.weir.picker.plugin.Picker picker} turn the sums into an order. {@link
 * io.weir.picker.plugin.PickObserver Observers} are told of the outcome.
 *
 * <p>All of them work on the arrays of a {@link io.weir.picker.plugin.PickContext} that belongs to
 * the thread for the length of a pick; plugins themselves are shared by all threads, so they keep
 * no state of a request, do not block and allocate nothing per endpoint.
 *
 * <p>Candidates are addressed by their position, 0 to {@code size() - 1}, which is valid until the
 * next filter; endpoints of the pool by their index, which is valid for the length of the pick.
 *
 * <p>Plugins that are only values, such as {@link io.weir.picker.plugin.FlowPolicy}, say what
 * others are to do.
 */
@NullMarked
package io.weir.picker.plugin;

import org.jspecify.annotations.NullMarked;
