package io.weir.picker.events;

/** Something that happened in the KV cache of a server's GPU. */
sealed interface KvEvent {

    /** Blocks were computed. */
    record Stored(long tokens) implements KvEvent {}

    /** Blocks were given to others. */
    record Removed(int blocks) implements KvEvent {}

    /** The cache is empty. */
    record Cleared() implements KvEvent {}
}
