package io.weir.extproc.server;

import io.grpc.netty.GrpcSslContexts;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

import java.util.List;
import java.util.Set;

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

    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    public ServerTls {
        protocols = List.copyOf(protocols);
        ciphers = List.copyOf(ciphers);
    }

    /**
     * Returns Netty's settings: BoringSSL where it can be loaded, which takes half of Java's time
     * and copies less, else Java's TLS.
     *
     * @throws IllegalArgumentException when there is no such protocol or cipher
     */
    SslContext context() {
        SslProvider provider = provider();
        SslContextBuilder builder =
                GrpcSslContexts.configure(SslContextBuilder.forServer(identity), provider);
        if (!protocols.isEmpty()) {
            builder.protocols(protocols);
        }
        if (!ciphers.isEmpty()) {
            builder.ciphers(ciphers);
        }
        try {
            SslContext context = builder.build();
            if (provider == SslProvider.JDK) {
                // Java looks at names no sooner than this.
                context.newEngine(ByteBufAllocator.DEFAULT);
            }
            return context;
        } catch (SSLException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private SslProvider provider() {
        return OpenSsl.isAvailable() && isForBoring() ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    /**
     * Netty asks for no Ed25519 key where BoringSSL does the work; names it has not, Java judges.
     */
    private boolean isForBoring() {
        boolean isEdwards = identity instanceof ReloadedIdentity own && own.isEdwards();
        return !isEdwards
                && PROTOCOLS.containsAll(protocols)
                && ciphers.stream().allMatch(OpenSsl::isCipherSuiteAvailable);
    }
}
