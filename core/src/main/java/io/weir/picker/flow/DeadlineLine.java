package io.weir.picker.flow;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** The earliest deadline first, of equal ones who came first: a binary heap. */
final class DeadlineLine implements Line {

    private @Nullable Waiting[] heap = new @Nullable Waiting[16];
    private int size;

    @Override
    public void add(Waiting request) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        up(size++, request);
    }

    @Override
    public @Nullable Waiting first() {
        return heap[0];
    }

    @Override
    public void remove(Waiting request) {
        int gap = request.heapIndex;
        Waiting last = at(--size);
        heap[size] = null;
        if (gap == size) {
            return;
        }
        if (gap > 0 && isEarlier(last, at((gap - 1) / 2))) {
            up(gap, last);
        } else {
            down(gap, last);
        }
    }

    private void up(int from, Waiting request) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) / 2;
            if (!isEarlier(request, at(parent))) {
                break;
            }
            put(index, at(parent));
            index = parent;
        }
        put(index, request);
    }

    private void down(int from, Waiting request) {
        int index = from;
        while (2 * index + 1 < size) {
            int child = 2 * index + 1;
            if (child + 1 < size && isEarlier(at(child + 1), at(child))) {
                child++;
            }
            if (!isEarlier(at(child), request)) {
                break;
            }
            put(index, at(child));
            index = child;
        }
        put(index, request);
    }

    private void put(int index, Waiting request) {
        heap[index] = request;
        request.heapIndex = index;
    }

    private Waiting at(int index) {
        Waiting request = heap[index];
        if (request == null) {
            throw new IllegalStateException("heap: nothing at " + index + " of " + size);
        }
        return request;
    }

    private static boolean isEarlier(Waiting one, Waiting other) {
        int byDeadline = Long.compare(one.deadlineNanos(), other.deadlineNanos());
        return byDeadline < 0 || (byDeadline == 0 && one.sequence < other.sequence);
    }
}
