package io.weir.simulator.http;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The answer to one request. Either {@link #reply} once, or {@link #beginStream}, any number of
 * {@link #write}, and {@link #end}. Belongs to the connection's event loop.
 */
public final class Exchange {

    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpConnection connection;
    private final @Nullable HttpRequest request;
    private final ResponseHead head;
    private boolean keepsAlive;
    private boolean begun;
    private boolean ended;
    private @Nullable Map<String, String> extraHeaders;
    private @Nullable Runnable onAbandoned;
    private @Nullable Runnable onWritable;
    private @Nullable Runnable onEnded;

    Exchange(
            HttpConnection connection,
            @Nullable HttpRequest request,
            ResponseHead head,
            boolean keepsAlive) {
        this.connection = connection;
        this.request = request;
        this.head = head;
        this.keepsAlive = keepsAlive;
    }

    /** Adds a header to the response that is still to begin. */
    public void header(String name, String value) {
        if (extraHeaders == null) {
            extraHeaders = new LinkedHashMap<>();
        }
        extraHeaders.put(name, value);
    }

    /** Runs something when the client goes away before the answer has ended. */
    public void onAbandoned(Runnable action) {
        onAbandoned = action;
    }

    /** Runs something when the answer has ended, for one reason or the other. */
    public void onEnded(Runnable action) {
        onEnded = action;
    }

    /**
     * Runs something each time the connection takes bytes again after {@link #isWritable} was
     * false.
     */
    public void onWritable(Runnable action) {
        onWritable = action;
    }

    /** Returns whether the client reads as fast as we write. */
    public boolean isWritable() {
        return connection.isWritable();
    }

    /** Returns whether an answer has begun. */
    public boolean hasBegun() {
        return begun;
    }

    /** Returns whether there is nothing more to do, for one reason or the other. */
    public boolean hasEnded() {
        return ended;
    }

    /**
     * Returns the loop's bytes, empty, to put an answer together. Nobody else uses them until
     * control is given back to the loop or the next method of an exchange is called.
     */
    public Bytes bytes() {
        return connection.bytes().clear();
    }

    /** Answers with a whole body. */
    public void reply(int status, String contentType, byte[] body) {
        begin(status);
        Bytes out = bytes();
        head.write(out, status, contentType, body.length, this);
        finish(connection.buffer(out, body, body.length));
    }

    /** Answers with a whole body, which may be made of the loop's bytes. */
    public void reply(int status, String contentType, Bytes body) {
        reply(status, contentType, body.toArray());
    }

    /** Writes the head of a chunked answer, before its first chunks. */
    public void beginStream(Bytes out, String contentType) {
        begin(200);
        head.write(out, 200, contentType, -1, this);
    }

    private void begin(int status) {
        begun = true;
        if (request != null) {
            connection.began(request, status);
        }
    }

    /** Sends chunks that {@link ChunkWriter} framed. */
    public void write(Bytes chunks) {
        if (!ended && chunks.length() > 0) {
            connection.send(connection.buffer(chunks, LAST_CHUNK, 0));
        }
    }

    /** Sends the last chunks. */
    public void end(Bytes chunks) {
        finish(connection.buffer(chunks, LAST_CHUNK, LAST_CHUNK.length));
    }

    /** Closes the connection, in the middle of the answer if it has begun. */
    public void disconnect() {
        ended();
        connection.disconnect();
    }

    /** Resets the connection. */
    public void reset() {
        ended();
        connection.reset();
    }

    boolean keepsAlive() {
        return keepsAlive;
    }

    void close() {
        keepsAlive = false;
    }

    Map<String, String> extraHeaders() {
        return extraHeaders == null ? Map.of() : extraHeaders;
    }

    void abandoned() {
        if (!ended) {
            ended();
            if (onAbandoned != null) {
                onAbandoned.run();
            }
        }
    }

    void writable() {
        if (!ended && onWritable != null) {
            onWritable.run();
        }
    }

    private void ended() {
        if (!ended && onEnded != null) {
            onEnded.run();
        }
        ended = true;
    }

    private void finish(ByteBuf out) {
        if (ended) {
            out.release();
            return;
        }
        ended();
        connection.finish(out, this);
    }
}
