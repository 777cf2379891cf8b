package io.weir.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.HttpRoute.PathChange.ReplaceFullPath;
import io.weir.resource.HttpRoute.PathChange.ReplacePrefixMatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathRewriteTest {

    @ParameterizedTest
    @CsvSource({
        "/foo/bar,/foo,/xyz,/xyz/bar",
        "/foo/bar,/foo,/xyz/,/xyz/bar",
        "/foo/bar,/foo/,/xyz,/xyz/bar",
        "/foo/bar,/foo/,/xyz/,/xyz/bar",
        "/foo,/foo,/xyz,/xyz",
        "/foo/,/foo,/xyz,/xyz/",
        "/foo/bar,/foo,'',/bar",
        "/foo/,/foo,'',/",
        "/foo,/foo,'',/",
        "/foo/,/foo,/,/",
        "/foo,/foo,/,/",
        "/foo/bar,/,/xyz,/xyz/foo/bar",
        "/,/,/xyz,/xyz",
    })
    void prefixReplacementFollowsTheTableOfTheSpecification(
            String path, String prefix, String replacement, String expected) {
        assertThat(PathRewrite.apply(new ReplacePrefixMatch(replacement), path, prefix))
                .isEqualTo(expected);
    }

    @Test
    void fullPathReplacementIgnoresTheRequest() {
        assertThat(PathRewrite.apply(new ReplaceFullPath("/one"), "/foo/bar", "/foo"))
                .isEqualTo("/one");
    }

    @Test
    void aRuleThatMatchedOtherwiseKeepsThePathUnderPrefixReplacement() {
        assertThat(PathRewrite.apply(new ReplacePrefixMatch("/xyz"), "/foo", "")).isEqualTo("/foo");
    }

    @Test
    void noChangeKeepsThePath() {
        assertThat(PathRewrite.apply(null, "/foo%2Fbar", "/")).isEqualTo("/foo%2Fbar");
    }
}
