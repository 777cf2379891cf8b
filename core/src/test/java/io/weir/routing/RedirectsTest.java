package io.weir.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.HttpRoute.Filter.RequestRedirect;
import io.weir.resource.HttpRoute.PathChange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedirectsTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // scheme, host, port of the redirect; scheme and port of the listener
                "-,-,-,http,80,http://example.org/a",
                "-,-,-,http,8080,http://example.org:8080/a",
                "-,-,-,https,443,https://example.org/a",
                "-,-,-,https,8443,https://example.org:8443/a",
                "https,-,-,http,8080,https://example.org/a",
                "http,-,-,https,443,http://example.org/a",
                "https,-,8443,http,80,https://example.org:8443/a",
                "-,-,80,http,8080,http://example.org/a",
                "-,-,443,http,80,http://example.org:443/a",
                "-,other.org,-,http,80,http://other.org/a",
            })
    void portFollowsRedirectThenSchemeThenListener(
            String scheme,
            String host,
            Integer port,
            String inScheme,
            int inPort,
            String expected) {
        var redirect = new RequestRedirect(scheme, host, null, port, 302);
        assertThat(Redirects.location(redirect, inScheme, "example.org", inPort, "/a", null, "/"))
                .isEqualTo(expected);
    }

    @Test
    void pathIsChangedAndQueryKept() {
        var redirect =
                new RequestRedirect(
                        null, null, new PathChange.ReplacePrefixMatch("/new"), null, 301);
        assertThat(Redirects.location(redirect, "http", "h", 80, "/old/x", "a=b&c", "/old"))
                .isEqualTo("http://h/new/x?a=b&c");
    }
}
