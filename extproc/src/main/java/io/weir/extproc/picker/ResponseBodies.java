package io.weir.extproc.picker;

/** Which response bodies the proxy has to send. */
public enum ResponseBodies {
    /** Those in which something is to be read or replaced, as far as that can be told. */
    NEEDED,
    /** All. */
    ALL,
    /** Only those in which the model's name is to be replaced. */
    REPLACED
}
