package io.weir.bench.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy as a plain round-robin proxy on one thread. */
record Haproxy(InetSocketAddress address, ChildProcess process) implements Contestant {

    static Haproxy start(
            Path directory, int core, InetSocketAddress listen, List<InetSocketAddress> servers) {
        Path config = directory.resolve("haproxy.cfg");
        try {
            Files.writeString(config, config(listen, servers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = List.of("haproxy", "-db", "-f", config.toString());
        return new Haproxy(
                listen,
                ChildProcess.start(core, command, directory.resolve("haproxy.log"), listen));
    }

    private static String config(InetSocketAddress listen, List<InetSocketAddress> servers) {
        var text =
                new StringBuilder(
                        """
                        global
                          nbthread 1
                          maxconn 4000
                        defaults
                          mode http
                          timeout connect 5s
                          timeout client 300s
                          timeout server 300s
                          option http-keep-alive
                          option http-no-delay
                          http-reuse always
                        frontend clients
                          bind %s:%d
                          default_backend servers
                        backend servers
                          balance roundrobin
                        """
                                .formatted(listen.getAddress().getHostAddress(), listen.getPort()));
        for (int i = 0; i < servers.size(); i++) {
            InetSocketAddress server = servers.get(i);
            text.append(
                    "  server s%d %s:%d\n".formatted(i, server.getHostString(), server.getPort()));
        }
        return text.toString();
    }

    @Override
    public String name() {
        return "HAProxy";
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public void close() {
        process.close();
    }
}
