package io.weir.extproc.wire;

import com.google.protobuf.ByteString;

import io.weir.body.BodyException;
import io.weir.body.BodyFacts;
import io.weir.body.BodyLimits;
import io.weir.body.BodyScanner;
import io.weir.body.ByteRange;
import io.weir.body.ModelSplice;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A request body as its pieces arrive: held without copying, read on the way, and at most so large.
 *
 * <p>Used by one thread at a time. {@link #release} gives back what it held, once.
 */
public final class BodyBuffer {

    private final long limitBytes;
    private final HeldBytes held;
    private final @Nullable BodyScanner scanner;
    private final List<ByteBuffer> slices = new ArrayList<>();
    private ByteString body = ByteString.EMPTY;

    private BodyBuffer(long limitBytes, HeldBytes held, @Nullable BodyScanner scanner) {
        this.limitBytes = limitBytes;
        this.held = held;
        this.scanner = scanner;
    }

    /** Returns a buffer that reads the body as JSON. */
    public static BodyBuffer reading(long limitBytes, HeldBytes held) {
        return new BodyBuffer(limitBytes, held, new BodyScanner(BodyLimits.DEFAULTS));
    }

    /** Returns a buffer that only holds the body. */
    public static BodyBuffer holding(long limitBytes, HeldBytes held) {
        return new BodyBuffer(limitBytes, held, null);
    }

    /** What came of a piece. */
    public enum Added {
        /** It is held. */
        HELD,
        /** The body is larger than it may be. */
        TOO_LARGE,
        /** All bodies together are larger than they may be. */
        NO_ROOM
    }

    /** Adds a piece. */
    public Added add(ByteString piece) {
        if (body.size() + (long) piece.size() > limitBytes) {
            return Added.TOO_LARGE;
        }
        if (!held.take(piece.size())) {
            return Added.NO_ROOM;
        }
        body = body.concat(piece);
        for (ByteBuffer slice : PieceArrays.of(piece)) {
            slices.add(slice);
            if (scanner != null) {
                scanner.feed(slice.duplicate());
            }
        }
        return Added.HELD;
    }

    /** Lets go of the bytes; a second call has no effect. */
    public void release() {
        held.giveBack(body.size());
        body = ByteString.EMPTY;
        slices.clear();
    }

    /** Returns the bytes that have come. */
    public ByteString bytes() {
        return body;
    }

    /**
     * Returns what the whole body says; null when it is not read.
     *
     * @throws BodyException when it is not valid
     */
    public @Nullable BodyFacts facts() throws BodyException {
        return scanner == null ? null : scanner.finish();
    }

    /**
     * Returns what the beginning of a body says, of which no more comes; null when it is not read.
     *
     * @throws BodyException when it is not valid, or names no model
     */
    public @Nullable BodyFacts factsOfPart() throws BodyException {
        return scanner == null ? null : scanner.finishPart();
    }

    /** Returns the body with another model; every other byte stays as it is. */
    public ByteString spliced(ModelSplice splice) {
        return body.substring(0, (int) splice.cutStart())
                .concat(ByteString.copyFrom(splice.replacement()))
                .concat(body.substring((int) splice.cutEnd()));
    }

    /** Returns views of parts of the body, in which nothing is to be written. */
    public List<ByteBuffer> views(List<ByteRange> ranges) {
        List<ByteBuffer> views = new ArrayList<>(ranges.size());
        int slice = 0;
        long start = 0;
        for (ByteRange range : ranges) {
            for (long at = range.start(); at < range.end(); ) {
                ByteBuffer source = slices.get(slice);
                if (at >= start + source.remaining()) {
                    start += source.remaining();
                    slice++;
                    continue;
                }
                int from = (int) (at - start);
                int length = (int) Math.min(range.end() - at, source.remaining() - from);
                views.add(source.slice(source.position() + from, length));
                at += length;
            }
        }
        return views;
    }
}
