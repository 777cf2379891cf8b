package io.weir.simulator.text;

/** Takes tokens one by one. */
@FunctionalInterface
public interface TokenSink {

    /** Takes a token, an unsigned 32-bit number. */
    void accept(int token);
}
