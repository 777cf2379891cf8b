package io.weir.picker.plugin;

/** Something that a profile is made of. */
public sealed interface Plugin permits Filter, Scorer, Picker {}
