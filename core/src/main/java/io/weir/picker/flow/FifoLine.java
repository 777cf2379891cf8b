package io.weir.picker.flow;

import org.jspecify.annotations.Nullable;

/** First come, first served. */
final class FifoLine implements Line {

    private @Nullable Waiting first;
    private @Nullable Waiting last;

    @Override
    public void add(Waiting request) {
        Waiting end = last;
        request.before = end;
        request.behind = null;
        if (end == null) {
            first = request;
        } else {
            end.behind = request;
        }
        last = request;
    }

    @Override
    public @Nullable Waiting first() {
        return first;
    }

    @Override
    public void remove(Waiting request) {
        Waiting before = request.before;
        Waiting behind = request.behind;
        if (before == null) {
            first = behind;
        } else {
            before.behind = behind;
        }
        if (behind == null) {
            last = before;
        } else {
            behind.before = before;
        }
        request.before = null;
        request.behind = null;
    }
}
