package io.weir.bench.echo;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Sends back whatever it gets, as soon as it gets it. */
public final class EchoServer implements AutoCloseable {

    private static final int BUFFER_BYTES = 256 << 10;
    private static final int BACKLOG = 16;

    private final ServerSocket listener;

    private EchoServer(ServerSocket listener) {
        this.listener = listener;
    }

    /** Listens on an address; port 0 takes a free one. */
    public static EchoServer listen(InetSocketAddress address) throws IOException {
        return new EchoServer(new ServerSocket(address.getPort(), BACKLOG, address.getAddress()));
    }

    /** Returns where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Serves connections until it is closed. */
    public void serve() {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                Thread.ofPlatform().daemon().name("echo").start(() -> echo(connection));
            } catch (IOException _) {
                return;
            }
        }
    }

    private static void echo(Socket connection) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = connection.getInputStream();
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                connection.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException _) {
            // The other side has gone.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
