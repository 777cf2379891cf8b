package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.weir.body.ByteRange;
import io.weir.body.ModelSplice;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of a request, as far as it is held: all of it when something must read it first, the
 * beginning when it streams through, so that it can be sent again to another server.
 *
 * <p>Pieces are slices of the buffers that were read from the socket. A piece that fills little of
 * its buffer is copied, so that no more than about twice the body's bytes are held.
 */
final class RequestBody {

    /** Buffers up to this size may be held for however small a piece. */
    private static final int SMALL_BUFFER_BYTES = 4 * 1024;

    private static final int TAIL_BYTES = 16 * 1024;

    private final ByteBufAllocator alloc;
    private final BodyBudget.Share budget;
    private final List<ByteBuf> pieces = new ArrayList<>(2);
    private @Nullable ByteBuf tail;
    private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
    private long bytes;
    private long heldBytes;
    private boolean complete;
    private boolean released;
    private boolean withinBudget = true;
    private List<MirrorCopy> copies = List.of();

    RequestBody(ByteBufAllocator alloc, BodyBudget.Share budget) {
        this.alloc = alloc;
        this.budget = budget;
    }

    /** Takes over a piece and holds it. */
    void hold(ByteBuf piece) {
        int length = piece.readableBytes();
        count(piece);
        heldBytes += length;
        withinBudget = budget.take(length);
        if (!wastesMemory(piece)) {
            tail = null;
            pieces.add(piece);
            return;
        }
        tailFor(length).writeBytes(piece);
        piece.release();
    }

    private static boolean wastesMemory(ByteBuf piece) {
        ByteBuf root = piece;
        for (ByteBuf under = piece.unwrap(); under != null; under = under.unwrap()) {
            root = under;
        }
        int capacity = root.capacity();
        return capacity > SMALL_BUFFER_BYTES && piece.readableBytes() < capacity / 2;
    }

    private ByteBuf tailFor(int length) {
        if (tail == null || tail.writableBytes() < length) {
            tail = alloc.buffer(Math.max(length, TAIL_BYTES));
            pieces.add(tail);
        }
        return tail;
    }

    /** Returns whether there was room in the budget for what was held last. */
    boolean isWithinBudget() {
        return withinBudget;
    }

    /** Sees a piece that is sent on without being held. */
    void pass(ByteBuf piece) {
        count(piece);
    }

    private void count(ByteBuf piece) {
        bytes += piece.readableBytes();
        for (MirrorCopy copy : copies) {
            copy.piece(piece.retainedDuplicate());
        }
    }

    void complete(HttpHeaders lastTrailers) {
        complete = true;
        trailers = lastTrailers;
        copies.forEach(copy -> copy.complete(lastTrailers));
        copies = List.of();
    }

    /** Lets a copy see the body: what is held now, the rest when it comes. */
    void share(MirrorCopy copy) {
        if (!canReplay()) {
            return;
        }
        for (ByteBuf piece : pieces) {
            copy.piece(piece.retainedDuplicate());
        }
        if (complete) {
            copy.complete(trailers);
        } else {
            copies = new ArrayList<>(copies);
            copies.add(copy);
        }
    }

    boolean isComplete() {
        return complete;
    }

    /** Returns the bytes that have come. */
    long bytes() {
        return bytes;
    }

    HttpHeaders trailers() {
        return trailers;
    }

    /** Returns whether everything that has come is held, so that it can be sent once more. */
    boolean canReplay() {
        return !released && heldBytes == bytes;
    }

    /** Returns the pieces held, in order; they stay the body's. */
    List<ByteBuf> pieces() {
        return pieces;
    }

    /** Returns what remains to be sent when a splice is applied; the caller releases it. */
    List<ByteBuf> spliced(ModelSplice splice) {
        List<ByteBuf> out = new ArrayList<>(pieces.size() + 2);
        addSlices(out, 0, splice.cutStart());
        out.add(alloc.buffer(splice.replacement().length).writeBytes(splice.replacement()));
        addSlices(out, splice.cutEnd(), bytes);
        return out;
    }

    private void addSlices(List<ByteBuf> out, long from, long to) {
        long at = 0;
        for (ByteBuf piece : pieces) {
            long end = at + piece.readableBytes();
            long start = Math.max(from, at);
            long stop = Math.min(to, end);
            if (start < stop) {
                int index = piece.readerIndex() + (int) (start - at);
                out.add(piece.retainedSlice(index, (int) (stop - start)));
            }
            at = end;
        }
    }

    /** Returns views of ranges of the body, in order; they are not to be used after a release. */
    List<ByteBuffer> views(List<ByteRange> ranges) {
        List<ByteBuffer> views = new ArrayList<>(ranges.size());
        int piece = 0;
        long pieceStart = 0;
        for (ByteRange range : ranges) {
            long at = range.start();
            while (at < range.end()) {
                ByteBuf bytesOfPiece = pieces.get(piece);
                long pieceEnd = pieceStart + bytesOfPiece.readableBytes();
                if (at >= pieceEnd) {
                    pieceStart = pieceEnd;
                    piece++;
                    continue;
                }
                long stop = Math.min(range.end(), pieceEnd);
                int index = bytesOfPiece.readerIndex() + (int) (at - pieceStart);
                views.add(bytesOfPiece.nioBuffer(index, (int) (stop - at)));
                at = stop;
            }
        }
        return views;
    }

    /** Takes over what another body holds in place of its own; the other one is spent. */
    void become(RequestBody other) {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        budget.giveBack(heldBytes);
        pieces.addAll(other.pieces);
        tail = null;
        bytes = other.bytes;
        heldBytes = other.heldBytes;
        other.pieces.clear();
        other.heldBytes = 0;
        other.released = true;
    }

    /** Lets go of what is held; the body can't be sent again. */
    void release() {
        if (!released) {
            released = true;
            pieces.forEach(ByteBuf::release);
            pieces.clear();
            tail = null;
            budget.giveBack(heldBytes);
            copies.forEach(MirrorCopy::drop);
            copies = List.of();
        }
    }
}
