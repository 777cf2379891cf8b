package io.weir.bench.echo;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;

/** {@code weir bench echo}: the process that comparisons ask to see what the machine takes. */
@Command(
        name = "echo",
        hidden = true,
        description = "Sends back what it gets on a port of the loopback, until it is ended.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: weir bench echo --port 19300"})
public final class EchoCommand implements Callable<Integer> {

    @Option(names = "--port", paramLabel = "N", required = true, description = "Where to listen.")
    private int port;

    @Override
    public Integer call() throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (EchoServer server = EchoServer.listen(address)) {
            server.serve();
        }
        return 0;
    }
}
