package io.weir.picker.scrape;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The bytes of a connection, as they are or in TLS. */
sealed interface Link permits Link.Plain, TlsLink {

    /** Goes on to open; returns whether requests may be sent. */
    boolean open() throws IOException;

    /**
     * Sends a request.
     *
     * @throws IOException when not all of it is taken at once, among others
     */
    void send(ByteBuffer request) throws IOException;

    /** Reads to {@link ScrapeLoop#bytes}; returns their number, 0 for none now, -1 at the end. */
    int read() throws IOException;

    /** Returns whether more may be there than the last read brought. */
    boolean mayHaveMore(int read);

    /** Sends all of some bytes, which the connection's buffer must have room for. */
    static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        channel.write(bytes);
        if (bytes.hasRemaining()) {
            throw new IOException("server does not take the request");
        }
    }

    /**
     * Bytes as they are.
     *
     * @param loop whose buffer is read to
     * @param channel the connection
     */
    record Plain(ScrapeLoop loop, SocketChannel channel) implements Link {

        @Override
        public boolean open() {
            return true;
        }

        @Override
        public void send(ByteBuffer request) throws IOException {
            write(channel, request);
        }

        @Override
        public int read() throws IOException {
            return loop.read(channel);
        }

        @Override
        public boolean mayHaveMore(int read) {
            return read == loop.bytes().length;
        }
    }
}
