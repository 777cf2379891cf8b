package io.weir.extproc.picker;

import io.weir.body.BodyFacts;
import io.weir.extproc.wire.Headers;

import org.jspecify.annotations.Nullable;

/**
 * A request that is complete enough to be picked for.
 *
 * @param headers its headers
 * @param facts what its JSON body says; null when it has none that is read
 * @param told what the picker is told of its body
 * @param endOfStream whether the body's last piece said that it was the last
 */
record Question(Headers headers, @Nullable BodyFacts facts, Told told, boolean endOfStream) {}
