package io.weir.app.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.app.tracing.TraceSettings.Exporter;
import io.weir.app.tracing.TraceSettings.Protocol;
import io.weir.app.tracing.TraceSettings.Sampling;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class TraceEnvironmentTest {

    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private final List<String> complaints = new ArrayList<>();

    private TraceSettings settings(TraceRole role, @Nullable Boolean asked, String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new TraceEnvironment(environment, role, complaints::add).settings(asked);
    }

    private TraceSettings gateway(String... variables) {
        return settings(TraceRole.GATEWAY, null, variables);
    }

    @Test
    void nothingIsTracedUnlessTheFlagOrTheEnvironmentAsks() {
        assertThat(gateway().exporter()).isEqualTo(Exporter.NONE);
        assertThat(settings(TraceRole.GATEWAY, true).exporter()).isEqualTo(Exporter.OTLP);
        assertThat(gateway(ENDPOINT, "http://c:1").exporter()).isEqualTo(Exporter.OTLP);
        assertThat(gateway("OTEL_TRACES_EXPORTER", "console").exporter())
                .isEqualTo(Exporter.CONSOLE);
    }

    @Test
    void theFlagAndTheEnvironmentMayForbid() {
        assertThat(settings(TraceRole.GATEWAY, false, ENDPOINT, "http://c:1").exporter())
                .isEqualTo(Exporter.NONE);
        assertThat(gateway(ENDPOINT, "http://c:1", "OTEL_SDK_DISABLED", "true").exporter())
                .isEqualTo(Exporter.NONE);
        assertThat(settings(TraceRole.PICKER, true, "OTEL_TRACES_EXPORTER", "none").exporter())
                .isEqualTo(Exporter.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "GATEWAY, ''                , ''           , HTTP, http://localhost:4318/v1/traces",
        "PICKER , ''                , ''           , GRPC, http://localhost:4317",
        "GATEWAY, http://c:6006     , ''           , HTTP, http://c:6006/v1/traces",
        "GATEWAY, http://c:6006/x/  , ''           , HTTP, http://c:6006/x/v1/traces",
        "PICKER , http://c:6006     , ''           , GRPC, http://c:6006",
        "GATEWAY, http://c:4317     , ''           , GRPC, http://c:4317",
        "PICKER , https://c:4318    , ''           , HTTP, https://c:4318/v1/traces",
        "PICKER , http://c:4317     , http/protobuf, HTTP, http://c:4317/v1/traces",
        "GATEWAY, http://c:4318     , grpc         , GRPC, http://c:4318"
    })
    void theProtocolIsTheNamedOneElseThatOfThePortElseTheRoles(
            TraceRole role, String endpoint, String named, Protocol protocol, String url) {
        TraceSettings found =
                settings(role, true, ENDPOINT, endpoint, "OTEL_EXPORTER_OTLP_PROTOCOL", named);

        assertThat(found.collector().protocol()).isEqualTo(protocol);
        assertThat(found.collector().endpoint()).isEqualTo(url);
        assertThat(complaints).isEmpty();
    }

    @Test
    void variablesForTracesGoFirstAndTheirEndpointIsTheWholeUrl() {
        TraceSettings found =
                gateway(
                        ENDPOINT,
                        "http://all:4318",
                        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                        "http://own:4318/traces",
                        "OTEL_EXPORTER_OTLP_TIMEOUT",
                        "9000",
                        "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
                        "3000");

        assertThat(found.collector().endpoint()).isEqualTo("http://own:4318/traces");
        assertThat(found.collector().timeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void headersAreDecodedAndNeverPrinted() {
        TraceSettings found =
                gateway("OTEL_EXPORTER_OTLP_HEADERS", "api-key=se%20cr%3Det+1, x = 2");

        assertThat(found.collector().headers())
                .isEqualTo(Map.of("api-key", "se cr=et+1", "x", "2"));
        assertThat(found.toString()).doesNotContain("se cr");
    }

    @Test
    void theServiceIsNamedByItsOwnVariableFirst() {
        assertThat(gateway().resource()).containsEntry("service.name", "weir");
        assertThat(gateway("OTEL_RESOURCE_ATTRIBUTES", "service.name=a,team=b").resource())
                .containsEntry("service.name", "a")
                .containsEntry("team", "b");
        assertThat(
                        gateway(
                                        "OTEL_RESOURCE_ATTRIBUTES",
                                        "service.name=a",
                                        "OTEL_SERVICE_NAME",
                                        "c")
                                .resource())
                .containsEntry("service.name", "c");
    }

    @Test
    void theShareIsThatOfTheRoleUnlessToldOtherwise() {
        assertThat(gateway().ratio()).isEqualTo(1);
        assertThat(settings(TraceRole.PICKER, true).ratio()).isEqualTo(0.1);
        TraceSettings found =
                gateway("OTEL_TRACES_SAMPLER", "traceidratio", "OTEL_TRACES_SAMPLER_ARG", "0.25");
        assertThat(found.ratio()).isEqualTo(0.25);
        assertThat(found.sampler()).isEqualTo(Sampling.TRACEIDRATIO);
    }

    @ParameterizedTest
    @CsvSource({
        "OTEL_TRACES_SAMPLER_ARG, 1.5, (expected: 0..1)",
        "OTEL_TRACES_SAMPLER, jaeger_remote, 'parentbased_traceidratio)'",
        "OTEL_TRACES_EXPORTER, zipkin, '(expected: one of none, console, otlp)'",
        "OTEL_BSP_MAX_QUEUE_SIZE, many, (expected: 1..1048576)",
        "OTEL_EXPORTER_OTLP_PROTOCOL, http/json, (expected: grpc or http/protobuf)",
        "OTEL_EXPORTER_OTLP_ENDPOINT, collector:4317, '(expected: a URL that begins with'"
    })
    void valuesThatMakeNoSenseAreToldAndCountAsAbsent(String name, String value, String rule) {
        TraceSettings found = settings(TraceRole.GATEWAY, true, name, value);

        assertThat(found).isEqualTo(settings(TraceRole.GATEWAY, true));
        assertThat(complaints).hasSize(1);
        assertThat(complaints.getFirst()).startsWith(name + ": " + value).contains(rule);
    }
}
