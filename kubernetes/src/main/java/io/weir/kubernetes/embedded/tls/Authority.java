package io.weir.kubernetes.embedded.tls;

import io.weir.kubernetes.embedded.tls.CertificateWriter.Name;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority that signs the server's certificate and those of users.
 *
 * @param certificate its own certificate
 * @param key its private key
 */
public record Authority(X509Certificate certificate, PrivateKey key) {

    private static final Duration LIFETIME = Duration.ofDays(3650);
    private static final Duration LEEWAY = Duration.ofHours(1);
    private static final Name NAME = new Name("weir-ca", List.of());

    /**
     * A user's certificate and key, as text.
     *
     * @param certificate PEM
     * @param key PEM, PKCS #8
     */
    public record Client(String certificate, String key) {

        /** Leaves the key out. */
        @Override
        public String toString() {
            return "Client[" + certificate.length() + " bytes of certificate]";
        }
    }

    /**
     * A server's certificate and key.
     *
     * @param chain its certificate first, then the authority's
     * @param key its private key
     */
    public record Server(List<X509Certificate> chain, PrivateKey key) {

        /** Leaves the key out. */
        @Override
        public String toString() {
            return "Server[" + chain.getFirst().getSubjectX500Principal() + "]";
        }
    }

    /** Makes a new one. */
    public static Authority create(Instant now) throws GeneralSecurityException {
        KeyPair keys = newKeys();
        CertificateWriter writer =
                new CertificateWriter(NAME, keys.getPrivate(), now.minus(LEEWAY), LIFETIME);
        return new Authority(writer.authority(NAME, keys.getPublic()), keys.getPrivate());
    }

    /** Reads one that was written as text. */
    public static Authority ofPem(String certificate, String key) throws GeneralSecurityException {
        return new Authority(Pem.readCertificate(certificate), Pem.readKey(key));
    }

    /** Returns the certificate as text. */
    public String certificatePem() throws GeneralSecurityException {
        return Pem.certificate(certificate);
    }

    /** Returns the private key as text. */
    public String keyPem() {
        return Pem.key(key);
    }

    /** Returns the TLS settings of a server with these names and addresses. */
    public SSLContext server(List<String> names, List<InetAddress> addresses, Instant now)
            throws GeneralSecurityException, IOException {
        Server server = issueServer("weir-api", names, addresses, now);
        char[] password = "none".toCharArray();
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        keyStore.load(null, password);
        Certificate[] chain = server.chain().toArray(Certificate[]::new);
        keyStore.setKeyEntry("server", server.key(), password, chain);
        KeyManagerFactory keyManagers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keyStore, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trust().getTrustManagers(), null);
        return context;
    }

    /** Issues a certificate for a server with these names and addresses. */
    public Server issueServer(
            String subject, List<String> names, List<InetAddress> addresses, Instant now)
            throws GeneralSecurityException {
        KeyPair keys = newKeys();
        X509Certificate issued =
                writer(now)
                        .server(new Name(subject, List.of()), keys.getPublic(), names, addresses);
        return new Server(List.of(issued, certificate), keys.getPrivate());
    }

    /** Returns the TLS settings of a client that trusts this authority and nobody else. */
    public SSLContext client() throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust().getTrustManagers(), null);
        return context;
    }

    /** Issues a certificate for a user. */
    public Client issue(String user, List<String> groups, Instant now)
            throws GeneralSecurityException {
        KeyPair keys = newKeys();
        X509Certificate issued = writer(now).client(new Name(user, groups), keys.getPublic());
        return new Client(Pem.certificate(issued), Pem.key(keys.getPrivate()));
    }

    private CertificateWriter writer(Instant now) {
        return new CertificateWriter(NAME, key, now.minus(LEEWAY), LIFETIME);
    }

    private TrustManagerFactory trust() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", certificate);
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "Authority[" + certificate.getSubjectX500Principal() + "]";
    }
}
