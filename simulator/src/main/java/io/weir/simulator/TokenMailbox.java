package io.weir.simulator;

import io.weir.simulator.engine.Sequence;

import java.util.concurrent.locks.LockSupport;

/** Tokens on their way from the engine's thread to the thread of a request. */
final class TokenMailbox implements Sequence.TokenSink {

    private final Thread reader;
    private volatile int produced;
    private volatile boolean refused;

    TokenMailbox(Thread reader) {
        this.reader = reader;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the engine's thread writes
    public void token(Sequence sequence, long nowNanos, boolean last) {
        produced++;
        LockSupport.unpark(reader);
    }

    @Override
    public void refused(Sequence sequence) {
        refused = true;
        LockSupport.unpark(reader);
    }

    /**
     * Waits for more tokens than the reader has.
     *
     * @param have how many it has
     * @return how many there are, or -1 when the request was refused
     */
    int await(int have) throws InterruptedException {
        while (produced <= have) {
            if (refused) {
                return -1;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.park(this);
        }
        return produced;
    }
}
