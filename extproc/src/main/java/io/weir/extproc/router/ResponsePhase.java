package io.weir.extproc.router;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.weir.extproc.plugin.BodyRefusal;
import io.weir.extproc.wire.BodyBuffer;
import io.weir.extproc.wire.BodyMode;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.Headers;
import io.weir.extproc.wire.Outbox;
import io.weir.extproc.wire.Replies;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;

/**
 * The answer of one request: passed piece by piece, or, where plugins read answers and this one is
 * JSON, held to its end. One that is too large to be held passes unread.
 */
final class ResponsePhase {

    private final RouterContext context;
    private final Outbox out;
    private final Map<Class<?>, Object> kept;
    private BodyMode mode = BodyMode.DUPLEX;
    private @Nullable Headers head;
    private @Nullable BodyBuffer held;

    /**
     * @param kept what plugins kept from the request
     */
    ResponsePhase(RouterContext context, Outbox out, Map<Class<?>, Object> kept) {
        this.context = context;
        this.out = out;
        this.kept = kept;
    }

    void mode(BodyMode bodies) {
        mode = bodies;
    }

    void headers(HttpHeaders message) {
        if (context.options().plugins().readsResponses() && canHold()) {
            holdIfJson(Headers.of(message));
        }
        if (held == null || mode.isBuffered()) {
            out.send(Replies.responseHeaders(new Changes()).build());
        }
    }

    private void holdIfJson(Headers received) {
        if (isJson(received) && !received.endOfStream()) {
            head = received;
            held = BodyBuffer.holding(context.options().bodyLimitBytes(), context.held());
        }
    }

    private boolean canHold() {
        return mode == BodyMode.DUPLEX || mode.isBuffered();
    }

    private static boolean isJson(Headers received) {
        String type = received.get("content-type");
        String encoding = received.get("content-encoding");
        return type != null
                && type.toLowerCase(Locale.ROOT).contains("json")
                && (encoding == null || encoding.equals("identity"));
    }

    /**
     * Takes a piece.
     *
     * @param last whether the body ends here
     * @throws BodyRefusal when a plugin wants another answer
     */
    void body(ByteString piece, boolean last) throws BodyRefusal {
        BodyBuffer buffer = held;
        if (buffer == null) {
            pass(piece, last);
        } else if (buffer.add(piece) != BodyBuffer.Added.HELD) {
            letGo(buffer);
            pass(piece, last);
        } else if (last || mode.isBuffered()) {
            end(buffer, true);
        }
    }

    private void pass(ByteString piece, boolean last) {
        if (mode == BodyMode.DUPLEX) {
            Replies.streamResponseBody(piece, last, out::send);
        } else {
            out.send(Replies.responseBodyUnchanged());
        }
    }

    private void letGo(BodyBuffer buffer) {
        if (mode == BodyMode.DUPLEX) {
            out.send(Replies.responseHeaders(new Changes()).build());
            if (!buffer.bytes().isEmpty()) {
                Replies.streamResponseBody(buffer.bytes(), false, out::send);
            }
        }
        close();
    }

    /** Trailers end a body whose last piece did not say so. */
    void trailers() throws BodyRefusal {
        if (held != null) {
            end(held, false);
        }
        out.send(Replies.responseTrailersUnchanged());
    }

    private void end(BodyBuffer buffer, boolean last) throws BodyRefusal {
        Headers received = head;
        if (received == null) {
            return;
        }
        PluginMessage message = new PluginMessage(received, buffer.bytes(), kept);
        if (message.isObject()) {
            context.options().plugins().response(message, context.observer());
        }
        close();
        answer(message, message.bytes(), received, last);
    }

    private void answer(PluginMessage message, ByteString body, Headers received, boolean last) {
        Changes changes = new Changes();
        message.applyTo(changes);
        if (message.bodyHasChanged() && received.has("content-length")) {
            changes.set("content-length", Integer.toString(body.size()));
        }
        if (mode.isBuffered()) {
            out.send(Replies.bufferedResponseBody(changes, body));
        } else {
            out.send(Replies.responseHeaders(changes).build());
            Replies.streamResponseBody(body, last, out::send);
        }
    }

    /** Lets go of what is held. */
    void close() {
        if (held != null) {
            held.release();
            held = null;
        }
    }
}
