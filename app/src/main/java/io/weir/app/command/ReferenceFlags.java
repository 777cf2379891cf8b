package io.weir.app.command;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Flags of the reference that mean nothing here: they are accepted, so that a Deployment needs no
 * change but its image, and a warning says what becomes of them.
 */
final class ReferenceFlags {

    private static final String LOGGING = "logs are written as they are";
    private static final String SCRAPING =
            "servers are scraped at their own address and port, at a pace that follows their load";
    private static final String CONFIGURED =
            "removed in the reference, too (expected: a plugin of --config-file)";

    private static final Map<String, String> IGNORED =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("--zap-encoder", LOGGING),
                            Map.entry("--zap-devel", LOGGING),
                            Map.entry("--zap-log-level", LOGGING),
                            Map.entry("--zap-stacktrace-level", LOGGING),
                            Map.entry("--zap-time-encoding", LOGGING),
                            Map.entry("--log-verbosity", LOGGING),
                            Map.entry("-v", LOGGING),
                            Map.entry(
                                    "--ha-enable-leader-election",
                                    "all replicas serve; a standby would be waste"),
                            Map.entry("--streaming", "the proxy's own mode is followed"),
                            Map.entry("--v", LOGGING),
                            Map.entry("--enable-pprof", "use jcmd or a Java profiler"),
                            Map.entry(
                                    "--metrics-endpoint-auth",
                                    "metrics are open to whoever reaches their port"),
                            Map.entry(
                                    "--metrics-client-ca-file",
                                    "metrics are open to whoever reaches their port"),
                            Map.entry("--metrics-cert-dir", "metrics are served in clear text"),
                            Map.entry("--refresh-metrics-interval", SCRAPING),
                            Map.entry("--refresh-prometheus-metrics-interval", SCRAPING),
                            Map.entry("--metrics-staleness-threshold", SCRAPING),
                            Map.entry("--model-server-metrics-port", SCRAPING),
                            Map.entry("--model-server-metrics-path", SCRAPING),
                            Map.entry("--model-server-metrics-scheme", SCRAPING),
                            Map.entry(
                                    "--model-server-metrics-https-insecure-skip-verify", SCRAPING),
                            Map.entry("--grpc-max-send-msg-size", "answers are never that large"),
                            Map.entry("--enable-grpc-stream-metrics", "they are always on"),
                            Map.entry("--allow-experimental-plugins", "all plugins are allowed"),
                            Map.entry("--destination-endpoint-hint-key", "the name is fixed"),
                            Map.entry(
                                    "--destination-endpoint-hint-metadata-namespace",
                                    "the name is fixed")));

    private static final List<String> REMOVED =
            List.of(
                    "--total-queued-requests-metric",
                    "--total-running-requests-metric",
                    "--kv-cache-usage-percentage-metric",
                    "--lora-info-metric",
                    "--cache-info-metric");

    private ReferenceFlags() {}

    /** Makes a command accept the flags. */
    static void accept(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        for (String name : IGNORED.keySet()) {
            if (spec.findOption(name) == null) {
                spec.addOption(hidden(name));
            }
        }
        for (String name : REMOVED) {
            command.getCommandSpec().addOption(hidden(name));
        }
    }

    private static OptionSpec hidden(String name) {
        return OptionSpec.builder(name).arity("0..1").type(String.class).hidden(true).build();
    }

    /**
     * Warns of flags that were given and mean nothing.
     *
     * @throws ParameterException for a flag that the reference refuses
     */
    static void judge(CommandLine command) {
        ParseResult given = command.getParseResult();
        for (String name : REMOVED) {
            if (given.hasMatchedOption(name)) {
                throw new ParameterException(command, name + ": " + CONFIGURED);
            }
        }
        IGNORED.forEach((name, what) -> {
            OptionSpec option = given.matchedOption(name);
            if (option != null && option.hidden()) {
                command.getErr().println("warning: " + name + " has no effect: " + what);
            }
        });
    }
}
