package io.weir.picker;

/**
 * A request that waits: in front of a pool, or for somebody who knows more of it. It ends with one
 * {@link #take} after the wait, or with one {@link #cancel}; the request's buffers and headers have
 * to stay valid until then.
 */
public interface Ticket {

    /**
     * Says who is told, once, that the wait is over: on any thread, and at once when it is over
     * already. Called at most once; what is told must not block.
     */
    void whenOver(Runnable told);

    /**
     * Returns the endpoints, which are picked by this call on its thread, or why there are none.
     * Called once, after the wait; until then the request counts as load of the pool.
     */
    PickResult.Decided take();

    /** Gives up: the place in the queue is free when this returns. */
    void cancel();
}
