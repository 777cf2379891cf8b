package io.weir.bench.score;

/**
 * A stretch of text. Two stretches of the same content are the same text, as far as the shorter one
 * reaches.
 *
 * @param content identity of the text
 * @param tokens its length
 */
record Segment(long content, int tokens) {}
