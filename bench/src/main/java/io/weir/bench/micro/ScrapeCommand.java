package io.weir.bench.micro;

import io.weir.picker.Endpoint;
import io.weir.picker.scrape.Scraper;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code weir bench scrape}: what it takes to know how busy servers are. */
@Command(
        name = "scrape",
        description =
                "Measures the CPU time of scraping servers with pages of 45 KB, over real sockets:"
                        + " busy ones, which are asked every 50 ms, and idle ones, every second.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: weir bench scrape --servers 100 --seconds 20"})
public final class ScrapeCommand implements Callable<Integer> {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--servers",
            paramLabel = "N",
            defaultValue = "100",
            description = "Servers. Default: ${DEFAULT-VALUE}")
    private int servers;

    @Option(
            names = "--warmup",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "Seconds that don't count. Default: ${DEFAULT-VALUE}")
    private int warmup;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "20",
            description = "Seconds that count. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = Objects.requireNonNull(spec, "spec").commandLine().getOut();
        out.printf("%-8s %12s %12s %14s%n", "servers", "scrapes/s", "cores", "us per scrape");
        measure("busy", 4, out);
        measure("idle", 0, out);
        return 0;
    }

    private void measure(String name, int running, PrintWriter out)
            throws IOException, InterruptedException {
        byte[] answer = MetricsPage.answer(running);
        try (MetricsServers answering = MetricsServers.start(servers, answer);
                Scraper scraper = Scraper.create()) {
            long thread = scrapeThread();
            List<EndpointState> watched = watch(scraper, answering.ports());
            Thread.sleep(Duration.ofSeconds(warmup));
            long answersBefore = answering.answers();
            long cpuBefore = THREADS.getThreadCpuTime(thread);
            long begun = System.nanoTime();
            Thread.sleep(Duration.ofSeconds(seconds));
            double nanos = System.nanoTime() - begun;
            double cpu = THREADS.getThreadCpuTime(thread) - cpuBefore;
            long scrapes = answering.answers() - answersBefore;
            out.printf(
                    "%-8s %12.0f %12.4f %14.1f%n",
                    name, scrapes / nanos * 1e9, cpu / nanos, cpu / scrapes / 1000);
            out.flush();
            watched.forEach(scraper::end);
        }
    }

    private static List<EndpointState> watch(Scraper scraper, List<Integer> ports) {
        List<EndpointState> states = new ArrayList<>();
        for (int port : ports) {
            var endpoint = new Endpoint("e" + port, "pod-" + port, "127.0.0.1", port, Map.of());
            EndpointState state = new EndpointState(endpoint);
            scraper.begin(state);
            states.add(state);
        }
        return states;
    }

    /** Returns the scraper's thread that was started last. */
    private static long scrapeThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("weir-scrape"))
                .mapToLong(Thread::threadId)
                .max()
                .orElseThrow();
    }
}
