package io.weir.extproc.server;

import io.weir.tls.TlsIdentity;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.EdECPrivateKey;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A certificate that can be replaced while connections are open; each new one gets the latest.
 *
 * <p>Thread-safe.
 */
public final class ReloadedIdentity extends X509ExtendedKeyManager {

    private static final String ALIAS = "server";

    private volatile TlsIdentity identity;

    public ReloadedIdentity(TlsIdentity identity) {
        this.identity = identity;
    }

    /** Replaces the certificate and its key. */
    public void replace(TlsIdentity newer) {
        identity = newer;
    }

    /** Returns whether the key is Ed25519 or Ed448. */
    boolean isEdwards() {
        return identity.key() instanceof EdECPrivateKey;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return fits(keyType) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return fits(keyType) ? ALIAS : null;
    }

    private boolean fits(String keyType) {
        String algorithm = identity.key().getAlgorithm();
        return keyType.equals(algorithm) || keyType.startsWith(algorithm + "_");
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return fits(keyType) ? new String[] {ALIAS} : new String[0];
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identity.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
