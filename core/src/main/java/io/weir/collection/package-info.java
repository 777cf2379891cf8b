/**
 * Collections that are changed by making another one, which shares with the first all that is the
 * same in both. They know nothing of what they hold and belong to no thread.
 */
@NullMarked
package io.weir.collection;

import org.jspecify.annotations.NullMarked;
