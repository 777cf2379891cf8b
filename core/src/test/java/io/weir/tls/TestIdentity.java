package io.weir.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate that signed itself, of 127.0.0.1, made by the JDK's keytool.
 *
 * @param certificate PEM file
 * @param key PEM file
 * @param store the same as a store
 */
public record TestIdentity(Path certificate, Path key, KeyStore store) {

    private static final String PASSWORD = "of-a-test";

    /** Makes one in a folder. */
    public static TestIdentity create(Path folder, String name)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve(name + ".p12");
        keytool(
                "-genkeypair -alias a -keyalg EC -validity 2 -storetype PKCS12 -ext san=ip:127.0.0.1",
                List.of("-dname", "CN=" + name, "-keystore", file.toString()));
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        byte[] key = store.getKey("a", PASSWORD.toCharArray()).getEncoded();
        return new TestIdentity(
                pem(folder, name + ".crt", "CERTIFICATE", store.getCertificate("a").getEncoded()),
                pem(folder, name + ".key", "PRIVATE KEY", key),
                store);
    }

    /** Returns the TLS of a server that has this certificate and knows one client's. */
    public SSLContext server(TestIdentity client) throws GeneralSecurityException, IOException {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        KeyStore known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        known.setCertificateEntry("client", client.store.getCertificate("a"));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static void keytool(String arguments, List<String> more)
            throws IOException, InterruptedException {
        var command = new java.util.ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(more);
        command.addAll(List.of("-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(output);
        }
    }

    private static Path pem(Path folder, String name, String kind, byte[] der) throws IOException {
        String text =
                "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                        .formatted(kind, Base64.getMimeEncoder().encodeToString(der), kind);
        return Files.writeString(folder.resolve(name), text);
    }
}
