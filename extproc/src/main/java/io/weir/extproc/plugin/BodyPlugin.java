package io.weir.extproc.plugin;

/** A plugin of the body router: a {@link RequestPlugin}, a {@link ResponsePlugin} or both. */
public interface BodyPlugin {}
