/**
 * From text to objects.
 *
 * <p>{@link io.weir.resource.manifest.ManifestReader} turns YAML or JSON into trees that know the
 * line of every field; {@link io.weir.resource.manifest.ResourceDecoder} turns a tree into a record
 * with defaults applied, or into problems that name object, field, value and rule; {@link
 * io.weir.resource.manifest.ManifestLoader} does both for files and directories.
 *
 * <p>There is one hand-written decoder for each kind. It asks a {@link
 * io.weir.resource.manifest.Fields} cursor for what it needs; the cursor checks type and rule,
 * remembers which names were asked for, and so knows which fields of the manifest nobody reads. No
 * reflection takes part: reading some hundred objects must not be felt when the program starts.
 *
 * <p>Input is never trusted: sizes, depth and aliases are limited and whatever is wrong with the
 * text becomes a {@link io.weir.resource.Problem}, never an exception. Everything here is called by
 * one thread at a time and keeps nothing between calls.
 */
@NullMarked
package io.weir.resource.manifest;

import org.jspecify.annotations.NullMarked;
