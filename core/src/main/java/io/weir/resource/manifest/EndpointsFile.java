package io.weir.resource.manifest;

import io.weir.resource.FileEndpoint;
import io.weir.resource.ObjectName;
import io.weir.resource.Problem;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file that names model servers, in the discovery format of llm-d's router, as YAML or JSON:
 *
 * <pre>
 * endpoints:
 *   - name: vllm-0            # with the namespace: what the server is known by
 *     namespace: default      # optional
 *     address: 10.0.0.7       # or an IPv6 address, or a host name
 *     port: "8000"
 *     labels: {app: vllm}     # optional
 * </pre>
 *
 * <p>Other fields are let pass. Of two entries with the same name the last one is used.
 *
 * @param endpoints the servers whose entries are fine
 * @param problems what is wrong with others
 */
public record EndpointsFile(List<FileEndpoint> endpoints, List<Problem> problems) {

    public EndpointsFile {
        endpoints = List.copyOf(endpoints);
        problems = List.copyOf(problems);
    }

    /**
     * Reads a file's content.
     *
     * @param source name of the file
     * @param content the bytes
     */
    public static EndpointsFile read(String source, byte[] content) {
        Manifests read = new ManifestReader().read(source, content);
        List<Problem> problems = new ArrayList<>(read.problems());
        Map<ObjectName, FileEndpoint> endpoints = new LinkedHashMap<>();
        for (Manifest document : read.objects()) {
            Findings findings = new Findings(document.lines());
            addAll(Fields.root(findings, document.tree()), findings, endpoints);
            problems.addAll(findings.close());
        }
        return new EndpointsFile(List.copyOf(endpoints.values()), problems);
    }

    private static void addAll(
            Fields file, Findings findings, Map<ObjectName, FileEndpoint> endpoints) {
        if (!file.has("endpoints")) {
            file.missing("endpoints", "a list of endpoints");
        }
        file.knows(file.names());
        for (Fields entry : file.list("endpoints", 0, Integer.MAX_VALUE)) {
            int errors = findings.errors();
            FileEndpoint endpoint = endpoint(entry);
            if (!entry.exists() || findings.errors() > errors) {
                continue;
            }
            FileEndpoint first = endpoints.put(endpoint.name(), endpoint);
            if (first != null) {
                entry.warning(
                        "name",
                        endpoint.name()
                                + " again, first at "
                                + first.origin()
                                + " (the last is used)");
            }
        }
    }

    private static FileEndpoint endpoint(Fields entry) {
        entry.knows(entry.names());
        String name = entry.text("name", TextRule.OBJECT_NAME);
        String namespace = entry.textOr("namespace", MetadataDecoder.DEFAULT, TextRule.OBJECT_NAME);
        return new FileEndpoint(
                new ObjectName(namespace, name),
                address(entry),
                port(entry),
                entry.textMap("labels", TextRule.ANY, TextRule.ANY),
                entry.origin());
    }

    private static String address(Fields entry) {
        return Syntax.withoutBrackets(entry.text("address", TextRule.HOST_OR_BRACKETS));
    }

    private static int port(Fields entry) {
        if (!entry.value("port").isTextual()) {
            return entry.number("port", 1, References.MAX_PORT);
        }
        Integer port = entry.parsed("port", "1.." + References.MAX_PORT, EndpointsFile::parsePort);
        return port == null ? 0 : port;
    }

    private static @Nullable Integer parsePort(String text) {
        boolean digits = text.length() <= 5 && text.matches("[0-9]+");
        int port = digits ? Integer.parseInt(text) : 0;
        return port >= 1 && port <= References.MAX_PORT ? (Integer) port : null;
    }
}
