package io.weir.extproc.wire;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The arrays in which bytes are held, for those who only read: loops over an array are much faster
 * than over the read-only buffers that the bytes give out.
 */
final class PieceArrays extends ByteOutput {

    private final List<ByteBuffer> arrays = new ArrayList<>(1);

    private PieceArrays() {}

    /** Returns views of the bytes, without copies. */
    static List<ByteBuffer> of(ByteString bytes) {
        PieceArrays found = new PieceArrays();
        try {
            UnsafeByteOperations.unsafeWriteTo(bytes, found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.arrays;
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
        arrays.add(ByteBuffer.wrap(value, offset, length));
    }

    @Override
    public void writeLazy(ByteBuffer value) {
        arrays.add(value.slice());
    }

    @Override
    public void write(byte value) {
        writeLazy(new byte[] {value}, 0, 1);
    }

    /* What is not lazy may change after the call. */

    @Override
    public void write(byte[] value, int offset, int length) {
        byte[] copy = new byte[length];
        System.arraycopy(value, offset, copy, 0, length);
        writeLazy(copy, 0, length);
    }

    @Override
    public void write(ByteBuffer value) {
        byte[] copy = new byte[value.remaining()];
        value.get(copy);
        writeLazy(copy, 0, copy.length);
    }
}
