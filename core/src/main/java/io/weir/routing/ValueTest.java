package io.weir.routing;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import io.weir.resource.HttpRoute.MatchType;

/**
 * A test of a whole value. Expressions are RE2, which takes linear time on any input; {@code
 * java.util.regex} can be made to take exponential time.
 */
sealed interface ValueTest {

    boolean matches(String value);

    /** Compiles a test; throws {@link PatternSyntaxException} for a bad expression. */
    static ValueTest of(MatchType type, String value) {
        return switch (type) {
            case EXACT, PATH_PREFIX -> new Exact(value);
            case REGULAR_EXPRESSION -> new Regex(Pattern.compile(value));
        };
    }

    record Exact(String expected) implements ValueTest {
        @Override
        public boolean matches(String value) {
            return expected.equals(value);
        }
    }

    record Regex(Pattern pattern) implements ValueTest {
        @Override
        public boolean matches(String value) {
            return pattern.matches(value);
        }
    }
}
