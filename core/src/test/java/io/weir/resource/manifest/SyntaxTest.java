package io.weir.resource.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

class SyntaxTest {

    @ParameterizedTest
    @CsvSource({
        "10s, PT10S",
        "1h30m, PT1H30M",
        "500ms, PT0.5S",
        "0s, PT0S",
        "1h1m1s1ms, PT1H1M1.001S",
        "99999h, PT99999H",
        "1m1m, PT2M",
    })
    void durationsOfTheGatewayApi(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "s",
                "1.5s",
                "-1s",
                "1d",
                "100000s",
                "1h1m1s1ms1h",
                "1 s",
                "1S",
                "١s"
            })
    void otherDurationsAreNone(String text) {
        assertThat(Durations.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "20Mi, 20971520",
        "1Ki, 1024",
        "32768, 32768",
        "1k, 1000",
        "1G, 1000000000",
        "1.5Gi, 1610612736",
        "7Ei, 8070450532247928832",
        "0, 0",
    })
    void quantitiesOfBytes(String text, long bytes) {
        assertThat(Quantities.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "Mi", "i", "20MiB", "20mb", "-1", "+1", "1e3", "0.5", "8Ei", "1 Ki", "1..5Ki"
            })
    void otherQuantitiesAreNone(String text) {
        assertThat(Quantities.bytes(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"::", "::1", "fd00::7", "1:2:3:4:5:6:7:8", "::ffff:10.0.0.1", "1::"})
    void ipv6Addresses(String text) {
        assertThat(Syntax.isIpv6(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "g::",
                "12345::",
                "10.0.0.1",
                "[::1]",
                "fe80::1%eth0",
                "1:2:3:4:5:6:7::8:9",
                "::1:"
            })
    void othersAreNone(String text) {
        assertThat(Syntax.isIpv6(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "gpu-1.example.com", "GPU-1", "example.com.", "10.0.0.1", "::1"})
    void hosts(String text) {
        assertThat(Syntax.isHost(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "a b", "a:80", "10.0.0", "10.0.0.01", "-a", "a..b", "http://a"})
    void othersAreNoHosts(String text) {
        assertThat(Syntax.isHost(text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "weight, weigth, 1",
        "backendRefs, backendRef, 1",
        "abc, abc, 0",
        "abc, '', 3",
        "kitten, sitting, 3",
    })
    void distanceOfSpellings(String a, String b, int distance) {
        assertThat(Nearest.distance(a, b)).isEqualTo(distance);
        assertThat(Nearest.distance(b, a)).isEqualTo(distance);
    }
}
