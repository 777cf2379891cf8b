package io.weir.simulator.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpUtil;

import java.util.Arrays;

/** Gathers the body of one request. */
final class RequestCollector {

    private static final byte[] EMPTY = {};
    private static final int MAX_PRESIZED_BYTES = 1 << 20;

    private final io.netty.handler.codec.http.HttpRequest head;
    private final long maxBytes;
    private byte[] body = EMPTY;
    private int length;
    private boolean tooLarge;

    RequestCollector(io.netty.handler.codec.http.HttpRequest head, long maxBytes) {
        this.head = head;
        this.maxBytes = maxBytes;
        tooLarge = HttpUtil.getContentLength(head, 0L) > maxBytes;
    }

    void add(ByteBuf content) {
        int more = content.readableBytes();
        if (more == 0 || tooLarge) {
            return;
        }
        if ((long) length + more > maxBytes) {
            tooLarge = true;
            body = EMPTY;
            return;
        }
        grow(length + more);
        content.readBytes(body, length, more);
        length += more;
    }

    boolean isTooLarge() {
        return tooLarge;
    }

    boolean keepAlive() {
        return HttpUtil.isKeepAlive(head);
    }

    boolean expectsContinue() {
        return head.headers().contains(HttpHeaderNames.EXPECT)
                && HttpUtil.is100ContinueExpected(head);
    }

    HttpRequest request() {
        String uri = head.uri();
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        return new HttpRequest(head.method().name(), path, head.headers(), body, length);
    }

    private void grow(int needed) {
        if (needed <= body.length) {
            return;
        }
        if (length == 0) {
            long announced = HttpUtil.getContentLength(head, 0L);
            int presized = (int) Math.min(announced, MAX_PRESIZED_BYTES);
            body = new byte[Math.max(needed, presized)];
        } else {
            body =
                    Arrays.copyOf(
                            body, Math.max(needed, (int) Math.min(2L * body.length, maxBytes)));
        }
    }
}
