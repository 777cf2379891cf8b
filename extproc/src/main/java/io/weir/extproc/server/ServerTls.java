package io.weir.extproc.server;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;

/**
 * The server's side of TLS.
 *
 * @param identity certificate and key; asked anew for each connection
 * @param protocols for instance {@code TLSv1.3}; empty for what Java takes
 * @param ciphers IANA names; empty for what HTTP/2 allows
 */
public record ServerTls(KeyManager identity, List<String> protocols, List<String> ciphers) {

    public ServerTls {
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
    }

    /**
     * Returns Netty's settings.
     *
     * @throws IllegalArgumentException when Java knows no such protocol or cipher
     */
    SslContext context() throws SSLException {
        SslContextBuilder builder =
                GrpcSslContexts.configure(SslContextBuilder.forServer(identity), SslProvider.JDK);
        if (!protocols.isEmpty()) {
            builder.protocols(protocols);
        }
        if (!ciphers.isEmpty()) {
            builder.ciphers(ciphers);
        }
        return builder.build();
    }
}
