package io.weir.picker.scrape;

/** Takes the bytes of a body as they arrive. */
@FunctionalInterface
interface ByteSink {

    /** Takes bytes, which are valid until this returns. */
    void accept(byte[] bytes, int from, int to);
}
