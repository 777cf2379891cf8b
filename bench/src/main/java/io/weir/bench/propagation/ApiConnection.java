package io.weir.bench.propagation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An API server over HTTPS, as a kubeconfig of Weir describes it. */
final class ApiConnection implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI server;
    private final String token;
    private final HttpClient client;

    private ApiConnection(URI server, String token, HttpClient client) {
        this.server = server;
        this.token = token;
        this.client = client;
    }

    static ApiConnection open(Path kubeconfig) throws IOException {
        JsonNode config = JSON.readTree(Files.readString(kubeconfig));
        JsonNode cluster = config.at("/clusters/0/cluster");
        byte[] authority =
                Base64.getDecoder().decode(cluster.path("certificate-authority-data").asText());
        HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(trusting(authority))
                        .build();
        return new ApiConnection(
                URI.create(cluster.path("server").asText()),
                config.at("/users/0/user/token").asText(),
                client);
    }

    private static SSLContext trusting(byte[] pem) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "authority",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(pem)));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Creates an object in a collection. */
    JsonNode create(String collection, String object) {
        return send("POST", collection, "application/json", BodyPublishers.ofString(object));
    }

    /** Merges a JSON merge patch into an object or its status. */
    JsonNode merge(String path, String patch) {
        return send("PATCH", path, "application/merge-patch+json", BodyPublishers.ofString(patch));
    }

    JsonNode get(String path) {
        return send("GET", path, "application/json", BodyPublishers.noBody());
    }

    /** Begins to watch a collection from now on. */
    InputStream watch(String collection) throws IOException {
        String version = get(collection + "?limit=1").at("/metadata/resourceVersion").asText();
        var request = request(collection + "?watch=1&resourceVersion=" + version).GET().build();
        try {
            return client.send(request, BodyHandlers.ofInputStream()).body();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private JsonNode send(String method, String path, String type, BodyPublisher body) {
        var request = request(path).header("content-type", type).method(method, body).build();
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            JsonNode answer = JSON.readTree(response.body());
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException(method + " " + path + ": " + answer);
            }
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(method + " " + path + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path))
                .header("authorization", "Bearer " + token);
    }

    private static IllegalStateException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", cause);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
