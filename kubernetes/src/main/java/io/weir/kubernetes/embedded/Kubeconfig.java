package io.weir.kubernetes.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/**
 * What a client needs to reach the server: address, authority and a token.
 *
 * @param server for instance {@code https://127.0.0.1:9902}
 * @param authorityPem certificate of the authority
 * @param token bearer token
 */
public record Kubeconfig(URI server, String authorityPem, String token) {

    /** Returns the text of the file. JSON is YAML, and needs no quoting rules. */
    public String text() {
        ObjectNode config = Trees.object();
        config.put("apiVersion", "v1").put("kind", "Config").put("current-context", "weir");
        ObjectNode cluster = config.putArray("clusters").addObject().put("name", "weir");
        cluster.putObject("cluster")
                .put("server", server.toString())
                .put("certificate-authority-data", base64(authorityPem));
        ObjectNode user = config.putArray("users").addObject().put("name", "weir");
        user.putObject("user").put("token", token);
        ObjectNode context = config.putArray("contexts").addObject().put("name", "weir");
        context.putObject("context")
                .put("cluster", "weir")
                .put("user", "weir")
                .put("namespace", "default");
        return config.toPrettyString() + "\n";
    }

    /** Writes the file; only its owner may read it. */
    public void write(Path file) throws IOException {
        writeText(file, text());
    }

    /** Writes a kubeconfig that someone may have changed; only its owner may read it. */
    public static void writeText(Path file, String text) throws IOException {
        PrivateFiles.write(file, text);
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "Kubeconfig[" + server + "]";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
