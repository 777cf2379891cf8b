package io.weir.simulator;

import io.weir.simulator.http.Endpoint;
import io.weir.simulator.http.Exchange;
import io.weir.simulator.http.HttpRequest;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** An endpoint whose answers are logged. */
final class LoggedEndpoint implements Endpoint {

    private final Endpoint endpoint;
    private final RequestLog log;

    LoggedEndpoint(Endpoint endpoint, RequestLog log) {
        this.endpoint = endpoint;
        this.log = log;
    }

    @Override
    public void handle(HttpRequest request, Exchange exchange) {
        endpoint.handle(request, exchange);
    }

    @Override
    public void began(HttpRequest request, int status, SocketAddress client) {
        String text =
                client instanceof InetSocketAddress address
                        ? address.getAddress().getHostAddress() + ":" + address.getPort()
                        : client.toString();
        log.answered(text, request.method(), request.path(), status);
    }

    @Override
    public long maxBodyBytes() {
        return endpoint.maxBodyBytes();
    }
}
