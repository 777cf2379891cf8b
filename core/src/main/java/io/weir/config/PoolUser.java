package io.weir.config;

/**
 * A Gateway with routes that name a pool.
 *
 * @param gateway the Gateway
 * @param accepted whether one of those routes is accepted, so that requests get to the pool
 */
record PoolUser(GatewayPlan.Ref gateway, boolean accepted) {}
