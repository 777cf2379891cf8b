package io.weir.app.command;

/**
 * A size on the command line.
 *
 * @param bytes the size in bytes
 */
record ByteSize(long bytes) {}
