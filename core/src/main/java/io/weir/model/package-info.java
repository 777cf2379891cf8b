/**
 * Model names: which base model an adapter belongs to, and which model a request really goes to.
 *
 * <p>Immutable tables, compiled from ConfigMaps, InferenceModelRewrites and InferenceModels.
 */
@NullMarked
package io.weir.model;

import org.jspecify.annotations.NullMarked;
