package io.weir.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.HttpRoute.Filter;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class CorsTest {

    private static final String ORIGIN = "https://www.example.com";

    @ParameterizedTest
    @CsvSource({
        "https://www.example.com, https://www.example.com, true",
        "https://www.example.com, https://WWW.example.com, true",
        "https://www.example.com, http://www.example.com, false",
        "https://www.example.com, https://www.example.com:443, true",
        "https://www.example.com:443, https://www.example.com, true",
        "http://www.example.com, http://www.example.com:80, true",
        "https://www.example.com, https://www.example.com:8443, false",
        "https://www.example.com:8443, https://www.example.com:8443, true",
        "https://*.example.com, https://a.example.com, true",
        "https://*.example.com, https://a.b.example.com, true",
        "https://*.example.com, https://example.com, false",
        "https://*.example.com, https://aexample.com, false",
        "https://*.example.com, https://a.example.com.evil.com, false",
        "https://*.example.com:8443, https://a.example.com:8443, true",
        "https://*, https://anything.org, true",
        "https://*, http://anything.org, false",
        "*, http://anything.org, true",
        "*, null, true",
        "https://*, null, false",
    })
    void originsAreComparedBySchemeHostAndPort(String allowed, String origin, boolean expected) {
        assertThat(Cors.allows(cors(allowed, false, "GET"), origin)).isEqualTo(expected);
    }

    @Test
    void aPreflightOfAnAllowedOriginIsToldWhatIsAllowed() {
        Filter.Cors cors =
                new Filter.Cors(
                        List.of(ORIGIN),
                        true,
                        List.of("GET", "PUT"),
                        List.of("x-a", "x-b"),
                        List.of("x-c"),
                        10);
        assertThat(preflight(cors, ORIGIN, "PUT", "x-a"))
                .containsExactly(
                        Map.entry("access-control-allow-credentials", "true"),
                        Map.entry("access-control-allow-headers", "x-a, x-b"),
                        Map.entry("access-control-allow-methods", "GET, PUT"),
                        Map.entry("access-control-allow-origin", ORIGIN),
                        Map.entry("access-control-max-age", "10"),
                        Map.entry("vary", "Origin"));
    }

    @Test
    void aPreflightOfAnotherOriginIsToldNothing() {
        assertThat(preflight(cors("https://other.com", true, "GET"), ORIGIN, "GET", null))
                .containsExactly(Map.entry("vary", "Origin"));
    }

    @Test
    void wildcardsAreSaidAsTheyAreWithoutCredentials() {
        assertThat(preflight(cors("*", false, "*"), ORIGIN, "PATCH", "x-a"))
                .containsEntry("access-control-allow-origin", "*")
                .containsEntry("access-control-allow-methods", "*")
                .containsEntry("access-control-allow-headers", "*")
                .doesNotContainKeys("access-control-allow-credentials", "vary");
    }

    @Test
    void withCredentialsThereIsNoWildcardInAnyHeader() {
        assertThat(preflight(cors("*", true, "*"), ORIGIN, "PATCH", "x-a"))
                .containsEntry("access-control-allow-origin", ORIGIN)
                .containsEntry("access-control-allow-methods", "PATCH")
                .containsEntry("access-control-allow-headers", "x-a");
        assertThat(preflight(cors("*", true, "*"), ORIGIN, "PATCH", null))
                .doesNotContainKey("access-control-allow-headers");
        assertThat(answer(cors("*", true, "*"), ORIGIN))
                .containsEntry("access-control-allow-origin", ORIGIN)
                .doesNotContainKey("access-control-expose-headers");
    }

    @Test
    void answersExposeTheirHeadersToAllowedOriginsOnly() {
        assertThat(answer(cors("*", false, "*"), ORIGIN))
                .containsEntry("access-control-expose-headers", "*");
        assertThat(answer(cors("https://other.com", false, "*"), ORIGIN))
                .containsExactly(Map.entry("vary", "Origin"));
        assertThat(answer(cors("https://other.com", false, "*"), null))
                .containsExactly(Map.entry("vary", "Origin"));
    }

    private static Filter.Cors cors(String origin, boolean credentials, String every) {
        List<String> list = List.of(every);
        return new Filter.Cors(List.of(origin), credentials, list, list, list, 5);
    }

    private static Map<String, String> answer(Filter.Cors cors, @Nullable String origin) {
        Map<String, String> headers = new TreeMap<>();
        Cors.answer(cors, origin, headers::put);
        return headers;
    }

    private static Map<String, String> preflight(
            Filter.Cors cors, String origin, String method, @Nullable String requested) {
        Map<String, String> sent = new TreeMap<>();
        sent.put("origin", origin);
        sent.put("access-control-request-method", method);
        if (requested != null) {
            sent.put("access-control-request-headers", requested);
        }
        Map<String, String> headers = new TreeMap<>();
        Cors.preflight(cors, new TestHead("OPTIONS", "a.com", "/", null, sent), headers::put);
        return headers;
    }
}
