package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.body.ByteRange;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a picker makes of a request's body. As long as it sends back the bytes that it was sent, as
 * most do, nothing is held twice: from the first other byte on there is a second body.
 */
final class PickedBody {

    private final Worker worker;
    private final RequestBody original;
    private long same;
    private @Nullable RequestBody changed;

    PickedBody(Worker worker, RequestBody original) {
        this.worker = worker;
        this.original = original;
    }

    /** Adds bytes that the picker sent; false when there is no room for them. */
    boolean add(ByteBuffer bytes) {
        if (changed == null && isNext(bytes)) {
            same += bytes.remaining();
            return true;
        }
        return bytes.remaining() == 0 || append(bytes);
    }

    /** Adds a part of the original; false when there is no room for it. */
    boolean keep(long start, long end) {
        if (changed == null && start == same) {
            same = end;
            return true;
        }
        for (ByteBuffer view : original.views(List.of(new ByteRange(start, end)))) {
            if (!append(view)) {
                return false;
            }
        }
        return true;
    }

    private boolean isNext(ByteBuffer bytes) {
        long end = same + bytes.remaining();
        if (end > original.bytes()) {
            return false;
        }
        ByteBuffer rest = bytes.duplicate();
        for (ByteBuffer view : original.views(List.of(new ByteRange(same, end)))) {
            ByteBuffer part = rest.slice(rest.position(), view.remaining());
            if (!part.equals(view)) {
                return false;
            }
            rest.position(rest.position() + part.remaining());
        }
        return true;
    }

    private boolean append(ByteBuffer bytes) {
        RequestBody body = diverge();
        ByteBuf copy = worker.alloc().buffer(bytes.remaining());
        body.hold(copy.writeBytes(bytes.duplicate()));
        return body.isWithinBudget() && body.bytes() <= worker.bodies().limitBytes();
    }

    /** The second body begins with what was the same. */
    private RequestBody diverge() {
        if (changed != null) {
            return changed;
        }
        RequestBody body = new RequestBody(worker.alloc(), worker.bodies());
        for (ByteBuffer view : original.views(List.of(new ByteRange(0, same)))) {
            ByteBuf copy = worker.alloc().buffer(Math.max(1, view.remaining()));
            body.hold(copy.writeBytes(view));
        }
        changed = body;
        return body;
    }

    /** Drops what the picker sent so far. */
    void restart() {
        release();
        same = 0;
    }

    /** Returns whether the picker sent other bytes. */
    boolean hasChanged() {
        return changed != null;
    }

    /** Puts what the picker made of it in the original's place. */
    void settle() {
        if (changed == null && same != original.bytes()) {
            diverge();
        }
        if (changed != null) {
            original.become(changed);
            changed = null;
        }
    }

    void release() {
        if (changed != null) {
            changed.release();
            changed = null;
        }
    }
}
