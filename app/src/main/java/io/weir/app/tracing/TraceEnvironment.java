package io.weir.app.tracing;

import io.weir.app.tracing.TraceSettings.Batches;
import io.weir.app.tracing.TraceSettings.Collector;
import io.weir.app.tracing.TraceSettings.Exporter;
import io.weir.app.tracing.TraceSettings.Protocol;
import io.weir.app.tracing.TraceSettings.Sampling;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the environment variables of OpenTelemetry (specification, "Environment Variable
 * Specification" and "OpenTelemetry Protocol Exporter"). As it demands, a value that makes no sense
 * is told and counts as absent.
 */
final class TraceEnvironment {

    private static final String OTLP = "OTEL_EXPORTER_OTLP_";
    private static final String OTLP_TRACES = "OTEL_EXPORTER_OTLP_TRACES_";
    private static final int GRPC_PORT = 4317;
    private static final int HTTP_PORT = 4318;
    private static final String HTTP_PATH = "v1/traces";

    private final Map<String, String> variables;
    private final TraceRole role;
    private final Consumer<String> complaints;

    /**
     * @param complaints told of values that make no sense
     */
    TraceEnvironment(Map<String, String> variables, TraceRole role, Consumer<String> complaints) {
        this.variables = variables;
        this.role = role;
        this.complaints = complaints;
    }

    /**
     * Returns the settings.
     *
     * @param asked what the command line says; null for nothing
     */
    TraceSettings settings(@Nullable Boolean asked) {
        return new TraceSettings(
                exporter(asked),
                collector(),
                choice("OTEL_TRACES_SAMPLER", Sampling.PARENTBASED_TRACEIDRATIO),
                ratio(),
                new Batches(
                        (int) number("OTEL_BSP_MAX_QUEUE_SIZE", 2048, 1, 1 << 20),
                        (int) number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512, 1, 1 << 16),
                        millis("OTEL_BSP_SCHEDULE_DELAY", 5_000)),
                resource());
    }

    private Exporter exporter(@Nullable Boolean asked) {
        boolean forbidden = Boolean.FALSE.equals(asked);
        if (forbidden || value("OTEL_SDK_DISABLED").equalsIgnoreCase("true")) {
            return Exporter.NONE;
        }
        boolean wanted = Boolean.TRUE.equals(asked) || !endpoint().isEmpty();
        return choice("OTEL_TRACES_EXPORTER", wanted ? Exporter.OTLP : Exporter.NONE);
    }

    private String endpoint() {
        return otlp("ENDPOINT");
    }

    private Collector collector() {
        Protocol protocol = protocol();
        return new Collector(
                protocol,
                endpoint(protocol),
                pairs(otlp("HEADERS")),
                millis(OTLP_TRACES + "TIMEOUT", millis(OTLP + "TIMEOUT", 10_000).toMillis()),
                otlp("COMPRESSION").equalsIgnoreCase("gzip"),
                file("CERTIFICATE"),
                file("CLIENT_KEY"),
                file("CLIENT_CERTIFICATE"));
    }

    /** The usual ports tell what is spoken where nobody says. */
    private Protocol protocol() {
        String named = otlp("PROTOCOL").toLowerCase(Locale.ROOT);
        switch (named) {
            case "grpc" -> {
                return Protocol.GRPC;
            }
            case "http/protobuf" -> {
                return Protocol.HTTP;
            }
            case "" -> {}
            default -> complain(OTLP + "PROTOCOL", named, "grpc or http/protobuf");
        }
        return switch (port(endpoint())) {
            case GRPC_PORT -> Protocol.GRPC;
            case HTTP_PORT -> Protocol.HTTP;
            default -> role.protocol();
        };
    }

    private static int port(String url) {
        try {
            return URI.create(url).getPort();
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }

    private String endpoint(Protocol protocol) {
        String own = checked(OTLP_TRACES + "ENDPOINT");
        if (!own.isEmpty()) {
            return own;
        }
        String base = checked(OTLP + "ENDPOINT");
        return switch (protocol) {
            case GRPC -> base.isEmpty() ? "http://localhost:" + GRPC_PORT : base;
            case HTTP ->
                    slashed(base.isEmpty() ? "http://localhost:" + HTTP_PORT : base) + HTTP_PATH;
        };
    }

    private String checked(String name) {
        String given = value(name);
        boolean fits = given.startsWith("http://") || given.startsWith("https://");
        if (given.isEmpty() || fits) {
            return given;
        }
        complain(name, given, "a URL that begins with http:// or https://");
        return "";
    }

    private static String slashed(String url) {
        return url.endsWith("/") ? url : url + "/";
    }

    private @Nullable Path file(String name) {
        String given = otlp(name);
        return given.isEmpty() ? null : Path.of(given);
    }

    private double ratio() {
        String given = value("OTEL_TRACES_SAMPLER_ARG");
        if (given.isEmpty()) {
            return role.ratio();
        }
        try {
            double ratio = Double.parseDouble(given);
            if (ratio >= 0 && ratio <= 1) {
                return ratio;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        complain("OTEL_TRACES_SAMPLER_ARG", given, "0..1");
        return role.ratio();
    }

    private Map<String, String> resource() {
        Map<String, String> resource = new LinkedHashMap<>();
        resource.put("service.name", role.service());
        resource.putAll(pairs(value("OTEL_RESOURCE_ATTRIBUTES")));
        String service = value("OTEL_SERVICE_NAME");
        if (!service.isEmpty()) {
            resource.put("service.name", service);
        }
        return resource;
    }

    /** Reads {@code name=value,name=value}; values may be percent-encoded. */
    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(pair.substring(0, equals).strip(), decoded(pair.substring(equals + 1)));
            }
        }
        return pairs;
    }

    private static String decoded(String text) {
        try {
            String plus = text.strip().replace("+", "%2B");
            return URLDecoder.decode(plus, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text.strip();
        }
    }

    private Duration millis(String name, long otherwise) {
        return Duration.ofMillis(number(name, otherwise, 1, Integer.MAX_VALUE));
    }

    private long number(String name, long otherwise, long least, long most) {
        String given = value(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(given);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        complain(name, given, least + ".." + most);
        return otherwise;
    }

    private <E extends Enum<E>> E choice(String name, E otherwise) {
        String given = value(name);
        if (given.isEmpty()) {
            return otherwise;
        }
        Class<E> type = otherwise.getDeclaringClass();
        for (E each : type.getEnumConstants()) {
            if (each.name().equalsIgnoreCase(given)) {
                return each;
            }
        }
        String known = String.join(", ", names(type)).toLowerCase(Locale.ROOT);
        complain(name, given, "one of " + known);
        return otherwise;
    }

    private static <E extends Enum<E>> String[] names(Class<E> type) {
        E[] all = type.getEnumConstants();
        String[] names = new String[all.length];
        for (int i = 0; i < all.length; i++) {
            names[i] = all[i].name();
        }
        return names;
    }

    /** The variable for traces goes before that for all signals. */
    private String otlp(String name) {
        String own = value(OTLP_TRACES + name);
        return own.isEmpty() ? value(OTLP + name) : own;
    }

    private String value(String name) {
        return variables.getOrDefault(name, "").strip();
    }

    private void complain(String name, String given, String expected) {
        complaints.accept(name + ": " + given + " (expected: " + expected + ")");
    }
}
