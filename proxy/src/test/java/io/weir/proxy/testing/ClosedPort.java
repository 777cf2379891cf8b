package io.weir.proxy.testing;

import io.weir.picker.Endpoint;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;

/**
 * A port that refuses connections: it is taken, so that no other program can get it meanwhile, but
 * nobody listens.
 */
public final class ClosedPort implements AutoCloseable {

    private final Socket holder;

    private ClosedPort(Socket holder) {
        this.holder = holder;
    }

    /** Takes a port. */
    public static ClosedPort take() throws IOException {
        Socket holder = new Socket();
        holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return new ClosedPort(holder);
    }

    /** Returns the port as an endpoint. */
    public Endpoint endpoint() {
        int port = holder.getLocalPort();
        return new Endpoint("closed-" + port, "", "127.0.0.1", port, Map.of());
    }

    @Override
    public void close() throws IOException {
        holder.close();
    }
}
