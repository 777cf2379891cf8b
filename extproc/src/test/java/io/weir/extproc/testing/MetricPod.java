package io.weir.extproc.testing;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A model server that has nothing but metrics, on a loopback address of its own. */
public final class MetricPod implements AutoCloseable {

    private final HttpServer server;
    private volatile String metrics = "";

    private MetricPod(HttpServer server) {
        this.server = server;
        server.createContext(
                "/",
                exchange -> {
                    boolean found = exchange.getRequestURI().getPath().equals("/metrics");
                    byte[] body = metrics.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(found ? 200 : 404, found ? body.length : -1);
                    try (OutputStream out = exchange.getResponseBody()) {
                        if (found) {
                            out.write(body);
                        }
                    }
                });
        server.start();
    }

    /** Starts one. */
    public static MetricPod start(String address) throws IOException {
        return new MetricPod(HttpServer.create(new InetSocketAddress(address, 0), 0));
    }

    /** Says how many requests wait, how full the cache is, and which adapters run. */
    public void say(int waiting, double kvCache, String... adapters) {
        metrics =
                """
                vllm:num_requests_waiting{model_name="m"} %d
                vllm:num_requests_running{model_name="m"} 0
                vllm:kv_cache_usage_perc{model_name="m"} %s
                vllm:lora_requests_info{max_lora="0",running_lora_adapters="%s",\
                waiting_lora_adapters=""} 1
                """
                        .formatted(waiting, kvCache, String.join(",", adapters));
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
