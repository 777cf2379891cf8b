package io.weir.picker.events;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Brings the messages of one server into order. Owned by one thread.
 *
 * <pre>
 *  in order                          others wait
 * ┌────────┐    start, some miss    ┌───────────┐
 * ▼        │  ───────────────────▶  ▼           │
 * FOLLOWING                       REPLAYING ────┘
 *           ◀───────────────────
 *        all came, or none for 2 s
 * </pre>
 *
 * <p>Messages are numbered from 0. A number that was there before is that of another process, whose
 * cache is empty.
 */
final class EventOrder {

    private static final int MOST_WAITING = 10_000;
    private static final long SILENCE_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long PAUSE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long END = -1;

    private final Reader reader;
    private final boolean canReplay;
    private final Deque<Message> waiting = new ArrayDeque<>();
    private long expected;
    private long latest = -1;
    private boolean missed;
    private boolean replaying;
    private long heardNanos;
    private long notBeforeNanos = Long.MIN_VALUE;

    @SuppressWarnings("ArrayRecordComponent")
    private record Message(long number, byte[] payload) {}

    /** Is told what to do. */
    interface Reader {

        /** Reads the next message. */
        void read(byte[] payload);

        /** The server is another one, and nothing is in its cache. */
        void restarted();

        /** Messages are missing. */
        void gap();

        /** Asks for messages from a number on, in place of what was asked for before. */
        void ask(long from);

        /** Stops listening to answers. */
        void stopAsking();
    }

    /**
     * @param canReplay whether messages that are missing can be asked for
     */
    EventOrder(Reader reader, boolean canReplay) {
        this.reader = reader;
        this.canReplay = canReplay;
    }

    /** Returns whether all messages have been read, or what was missed no longer matters. */
    boolean isComplete() {
        return !missed && !replaying;
    }

    /** Asks for all that happened so far, where that is possible. */
    void begin(long nowNanos) {
        if (canReplay && !replaying) {
            replaying = true;
            heardNanos = nowNanos;
            reader.ask(expected);
        }
    }

    /** Says that the cache is empty, so that it does not matter what was missed. */
    void cleared() {
        missed = false;
    }

    /** Says that something of what was read is not known, as if it had been missed. */
    void incomplete() {
        missed = true;
    }

    /** The server is gone; what comes next comes from another one. */
    void restart() {
        if (expected == 0 && latest < 0 && !replaying) {
            return;
        }
        if (replaying) {
            replaying = false;
            reader.stopAsking();
        }
        waiting.clear();
        expected = 0;
        latest = -1;
        missed = false;
        reader.restarted();
    }

    /** Takes a message. */
    void message(long number, byte[] payload, long nowNanos) {
        if (number <= latest) {
            restart();
        }
        latest = number;
        if (replaying) {
            await(number, payload);
            return;
        }
        if (number < expected) {
            // It was among those asked for.
            return;
        }
        if (number > expected) {
            reader.gap();
            boolean mayAsk = notBeforeNanos == Long.MIN_VALUE || nowNanos - notBeforeNanos >= 0;
            if (canReplay && mayAsk) {
                replaying = true;
                heardNanos = nowNanos;
                waiting.add(new Message(number, payload));
                reader.ask(expected);
                return;
            }
        }
        read(number, payload);
    }

    private void await(long number, byte[] payload) {
        waiting.add(new Message(number, payload));
        if (waiting.size() > MOST_WAITING) {
            endReplay();
        }
    }

    /** Takes a message that was asked for. */
    void replayed(long number, byte[] payload, long nowNanos) {
        if (!replaying) {
            return;
        }
        heardNanos = nowNanos;
        if (number == END || payload.length == 0) {
            endReplay();
        } else if (number >= expected) {
            read(number, payload);
        }
    }

    /** Gives up waiting for an answer that does not come. */
    void tick(long nowNanos) {
        if (replaying && nowNanos - heardNanos > SILENCE_NANOS) {
            if (!waiting.isEmpty()) {
                notBeforeNanos = nowNanos + PAUSE_NANOS;
            }
            endReplay();
        }
    }

    private void endReplay() {
        replaying = false;
        reader.stopAsking();
        for (Message next = waiting.poll(); next != null; next = waiting.poll()) {
            if (next.number >= expected) {
                read(next.number, next.payload);
            }
        }
    }

    private void read(long number, byte[] payload) {
        missed |= number > expected;
        expected = number + 1;
        reader.read(payload);
    }
}
