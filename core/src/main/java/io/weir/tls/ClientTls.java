package io.weir.tls;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * How servers are asked over TLS.
 *
 * @param verifies whether servers must have a certificate for their address by a known authority
 * @param authorities PEM file with the known authorities; empty for those of the system
 * @param certificate PEM file with the client's own certificate; empty for none
 * @param key PEM file with its key; there if and only if the certificate is
 */
public record ClientTls(
        boolean verifies,
        Optional<Path> authorities,
        Optional<Path> certificate,
        Optional<Path> key) {

    private static final char[] NO_PASSWORD = {};

    public ClientTls {
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException(
                    certificate.isPresent()
                            ? "a certificate without its key"
                            : "a key without its certificate");
        }
    }

    /**
     * Reads the files.
     *
     * @throws IOException when one can't be read
     * @throws GeneralSecurityException when one is not what it should be
     */
    public SSLContext context() throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(), trust(), null);
        return context;
    }

    private KeyManager @Nullable [] keys() throws IOException, GeneralSecurityException {
        if (certificate.isEmpty() || key.isEmpty()) {
            return null;
        }
        TlsIdentity identity =
                TlsIdentity.ofPem(
                        Files.readAllBytes(certificate.get()), Files.readAllBytes(key.get()));
        KeyStore store = empty();
        store.setKeyEntry(
                "client",
                identity.key(),
                NO_PASSWORD,
                identity.chain().toArray(Certificate[]::new));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private TrustManager @Nullable [] trust() throws IOException, GeneralSecurityException {
        if (!verifies) {
            return new TrustManager[] {new TrustAll()};
        }
        if (authorities.isEmpty()) {
            return null;
        }
        KeyStore store = empty();
        byte[] pem = Files.readAllBytes(authorities.get());
        for (Certificate authority :
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(pem))) {
            store.setCertificateEntry("authority" + store.size(), authority);
        }
        if (store.size() == 0) {
            throw new GeneralSecurityException(
                    authorities.get() + ": no certificate (expected: PEM certificates)");
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
