package io.weir.kubernetes.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.workload.PodRunner;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Says that Pods run, each with an address of its own; runs nothing. */
final class FakePods implements PodRunner {

    private final AtomicInteger last = new AtomicInteger();
    private final Map<String, String> running = new ConcurrentHashMap<>();

    /** Returns the addresses of the Pods that run, by name. */
    Map<String, String> running() {
        return Map.copyOf(running);
    }

    @Override
    public Optional<String> refusal(ObjectNode pod) {
        String image = Trees.text(Trees.arrayAt(pod, "spec", "containers").path(0), "image");
        return image.startsWith("unknown/")
                ? Optional.of("nobody here runs the image " + image)
                : Optional.empty();
    }

    @Override
    public String start(ObjectNode pod) {
        int number = last.incrementAndGet();
        String address = "127.1." + number / 250 + "." + (number % 250 + 1);
        running.put(Trees.name(pod), address);
        return address;
    }

    @Override
    public void stop(ObjectNode pod) {
        running.remove(Trees.name(pod));
    }

    @Override
    public void write(ObjectNode pod, Request request, Sink sink) throws IOException {
        String text = "first line of " + Trees.name(pod) + "\nsecond line\n";
        try (OutputStream out = sink.open()) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
