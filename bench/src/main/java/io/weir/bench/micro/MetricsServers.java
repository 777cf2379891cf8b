package io.weir.bench.micro;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Servers on ports of their own that answer whatever they are asked with one page of metrics. */
final class MetricsServers implements AutoCloseable {

    private static final int END_OF_HEAD = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    private final Selector selector;
    private final List<ServerSocketChannel> listeners = new ArrayList<>();
    private final byte[] answer;
    private final AtomicLong answers = new AtomicLong();
    private final ByteBuffer received = ByteBuffer.allocateDirect(4096);

    private MetricsServers(Selector selector, byte[] answer) {
        this.selector = selector;
        this.answer = answer;
    }

    static MetricsServers start(int count, byte[] answer) throws IOException {
        MetricsServers servers = new MetricsServers(Selector.open(), answer);
        for (int i = 0; i < count; i++) {
            ServerSocketChannel listener = ServerSocketChannel.open();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listener.configureBlocking(false);
            listener.register(servers.selector, SelectionKey.OP_ACCEPT);
            servers.listeners.add(listener);
        }
        Thread.ofPlatform().daemon().name("metrics-servers").start(servers::run);
        return servers;
    }

    List<Integer> ports() {
        return listeners.stream().map(listener -> listener.socket().getLocalPort()).toList();
    }

    /** Returns how many requests were answered so far. */
    long answers() {
        return answers.get();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (ServerSocketChannel listener : listeners) {
            listener.close();
        }
    }

    private void run() {
        try {
            while (true) {
                selector.select(this::serve);
            }
        } catch (IOException | ClosedSelectorException e) {
            // Closed: all is measured.
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.channel() instanceof ServerSocketChannel listener) {
                accept(listener);
            } else if (key.channel() instanceof SocketChannel client) {
                exchange(key, client);
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    private void accept(ServerSocketChannel listener) throws IOException {
        SocketChannel client = listener.accept();
        if (client != null) {
            client.configureBlocking(false);
            client.register(
                    selector,
                    SelectionKey.OP_READ,
                    ByteBuffer.wrap(answer).position(answer.length));
        }
    }

    private void exchange(SelectionKey key, SocketChannel client) throws IOException {
        ByteBuffer left = (ByteBuffer) key.attachment();
        if (key.isReadable()) {
            if (client.read(received.clear()) < 0) {
                client.close();
                return;
            }
            int end = received.position();
            if (end >= Integer.BYTES && received.getInt(end - Integer.BYTES) == END_OF_HEAD) {
                answers.incrementAndGet();
                left.rewind();
            }
        }
        client.write(left);
        key.interestOps(
                left.hasRemaining()
                        ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
                        : SelectionKey.OP_READ);
    }
}
