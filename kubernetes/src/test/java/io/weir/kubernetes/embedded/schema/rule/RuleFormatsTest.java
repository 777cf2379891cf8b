package io.weir.kubernetes.embedded.schema.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

final class RuleFormatsTest {

    private final Rules rules = new Rules(System::nanoTime);

    @ParameterizedTest
    @CsvSource({
        "dns1123Label, a-1, true",
        "dns1123Label, A, false",
        "dns1123Label, a.b, false",
        "dns1123LabelPrefix, a-, true",
        "dns1123Subdomain, a.b-1, true",
        "dns1123Subdomain, a..b, false",
        "dns1035Label, 1a, false",
        "dns1035Label, a1, true",
        "labelValue, A_b.c, true",
        "labelValue, -a, false",
        "labelValue, '', true",
        "qualifiedName, example.com/Name, true",
        "qualifiedName, example.com/, false",
        "qualifiedName, a/b/c, false",
        "qualifiedName, '', false",
        "uri, 'https://example.com/a', true",
        "uuid, 123e4567-e89b-12d3-a456-426614174000, true",
        "byte, '*', false",
        "date, 2024-02-30, false",
        "datetime, '2024-02-28T10:00:00Z', true",
    })
    void formatsAreAskedForByName(String format, String text, boolean valid) throws Exception {
        String direct = "!format.%s().validate(self).hasValue()".formatted(format);
        String named = "!format.named('%s').value().validate(self).hasValue()".formatted(format);

        assertThat(rules.evaluate(direct, Map.of("self", text))).isEqualTo(valid);
        assertThat(rules.evaluate(named, Map.of("self", text))).isEqualTo(valid);
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64})
    void labelsHaveAtMostSixtyThreeCharacters(int length) throws Exception {
        Object valid =
                rules.evaluate(
                        "!format.dns1123Label().validate(self).hasValue()",
                        Map.of("self", "a".repeat(length)));

        assertThat(valid).isEqualTo(length <= 63);
    }

    @ParameterizedTest
    @CsvSource({"format.named('none').hasValue(), false", "format.named('uri').hasValue(), true"})
    void formatsThatDoNotExistAreNone(String rule, boolean expected) throws Exception {
        assertThat(rules.evaluate(rule, Map.of())).isEqualTo(expected);
    }

    @Test
    void aFormatThatDoesNotExistCanNotBeCalled() {
        assertThatThrownBy(() -> rules.evaluate("format.none()", Map.of()))
                .hasMessageContaining("undeclared reference");
    }
}
