package io.weir.config;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The status of a pool with what it was made of.
 *
 * @param pool the pool
 * @param users Gateways whose routes name it
 * @param status its status
 */
record PoolStatus(CompiledPool pool, List<PoolUser> users, Status status) {

    static PoolStatus of(CompiledPool pool, List<PoolUser> users, @Nullable PoolStatus before) {
        if (before != null && Memo.same(before.pool, pool) && before.users.equals(users)) {
            return before;
        }
        Status status =
                StatusCompiler.of(
                        pool.object(), pool.servers().picker(), pool.servers().count(), users);
        return new PoolStatus(
                pool, users, before == null ? status : Statuses.kept(before.status, status));
    }
}
