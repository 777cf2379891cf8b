package io.weir.picker.pool;

import io.weir.picker.state.CacheCounts;

/**
 * What is known of a server's KV cache.
 *
 * @param counts what the server told
 * @param blocks blocks that it holds, as far as it told
 */
public record EndpointCache(CacheCounts.Snapshot counts, int blocks) {}
