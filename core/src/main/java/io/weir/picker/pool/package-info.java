/**
 * The built-in picker: pools of endpoints, reservations and the registry that keeps them.
 *
 * <p>{@link io.weir.picker.pool.PickerRegistry} holds one picker per InferencePool. A picker holds
 * an immutable view, the array of its endpoints' states and the profile that judges them, behind
 * one volatile field: configuration changes replace the view under a lock that picks never take,
 * and carry the state of endpoints that stay into the next view.
 *
 * <p>A pick runs on the caller's thread with scratch arrays from a small pool. It reads the
 * requests in flight, filters, scores, orders the best few, and then raises the first one's count
 * by compare-and-set: if that count has changed since it was read, the pick judges again. That is
 * what spreads a burst evenly although nobody waits for anybody.
 */
@NullMarked
package io.weir.picker.pool;

import org.jspecify.annotations.NullMarked;
