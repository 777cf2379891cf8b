package io.weir.extproc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.weir.tls.TlsIdentity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import javax.net.ssl.SSLException;

/** Every kind of key and protocol is served, whoever does the work. */
class ServerTlsTest {

    @ParameterizedTest
    @CsvSource({
        "rsa2048, TLSv1.3",
        "rsa2048, TLSv1.2",
        "ecp256, TLSv1.3",
        "ecp256, TLSv1.2",
        "ed25519, TLSv1.3"
    })
    void aKeyIsServed(Algorithm key, String protocol) throws Exception {
        ServerTls tls = new ServerTls(identity(key), List.of(protocol), List.of());

        assertThat(ask(tls)).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void aNewCertificateIsServedToTheNextConnection() throws Exception {
        // Given
        ReloadedIdentity identity = identity(Algorithm.rsa2048);
        ServerTls tls = new ServerTls(identity, List.of(), List.of());
        assertThat(ask(tls)).isEqualTo(ServingStatus.SERVING);

        // When
        identity.replace(made(Algorithm.ecp256));

        // Then
        assertThat(ask(tls)).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void ciphersAreNamedAsIanaDoes() throws Exception {
        List<String> ciphers = List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        ServerTls tls = new ServerTls(identity(Algorithm.rsa2048), List.of("TLSv1.2"), ciphers);

        assertThat(ask(tls)).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void anUnknownProtocolIsRefused() throws Exception {
        ServerTls tls = new ServerTls(identity(Algorithm.rsa2048), List.of("TLSv9"), List.of());

        assertThatThrownBy(() -> ask(tls)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anUnknownCipherIsRefused() throws Exception {
        List<String> ciphers = List.of("TLS_AES_128_GCM_SHA256", "TLS_WITHOUT_A_KEY");
        ServerTls tls = new ServerTls(identity(Algorithm.rsa2048), List.of(), ciphers);

        assertThatThrownBy(() -> ask(tls)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bulkIsEncryptedNativelyWhereThatCanBeLoaded() throws Exception {
        assumeThat(OpenSsl.isAvailable()).isTrue();

        var context = new ServerTls(identity(Algorithm.ecp256), List.of(), List.of()).context();

        assertThat(context.getClass().getSimpleName()).startsWith("OpenSsl");
    }

    private static ReloadedIdentity identity(Algorithm key) throws Exception {
        return new ReloadedIdentity(made(key));
    }

    private static TlsIdentity made(Algorithm key) throws Exception {
        var bundle =
                new CertificateBuilder()
                        .algorithm(key)
                        .subject("CN=picker")
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned();
        return new TlsIdentity(
                List.of(bundle.getCertificatePath()), bundle.getKeyPair().getPrivate());
    }

    private static ServingStatus ask(ServerTls tls) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HealthService health = new HealthService(() -> true);
        try (var server =
                ExtProcServer.start(new ServerSettings(any, tls, 4 << 20), List.of(health))) {
            ManagedChannel channel = channel(server.address());
            try {
                return HealthGrpc.newBlockingStub(channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus();
            } finally {
                channel.shutdownNow();
            }
        }
    }

    /** Java's client, as BoringSSL's has no Ed25519. */
    private static ManagedChannel channel(InetSocketAddress address) throws SSLException {
        return NettyChannelBuilder.forAddress(address)
                .sslContext(
                        GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                                .endpointIdentificationAlgorithm(null)
                                .build())
                .build();
    }
}
