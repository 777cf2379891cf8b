package io.weir.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

class ModelTableTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": \"x\", \"b\": \"y\"}[json(request.body).model]",
                "{'a': 'x', 'b': 'y',}[string(json(request.body).model)]",
                "{\n  \"a\": \"x\",\n  'b' : \"y\",\n}[ json(request.body).model ]\n",
            })
    void theFormOfTheGuidesIsReadWithoutCel(String expression) {
        assertThat(ModelTable.parse("h", expression))
                .isEqualTo(new ModelTable("h", Map.of("a", "x", "b", "y")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{'a': 'x'}",
                "{'a': 'x'}['a']",
                "{'a': 'x' 'b': 'y'}[json(request.body).model]",
                "{'a': 'x', 'a': 'y'}[json(request.body).model]",
                "{'a': '\\'x'}[json(request.body).model]",
                "{'a': 1}[json(request.body).model]",
                "{'a': 'x'}[json(request.body).model] + 'z'",
                "{'a': 'x'}[json(request.body).other]",
                "{'a': 'x', 'b'}[json(request.body).model]",
                "{,}[json(request.body).model]",
                "{'a': 'x'",
            })
    void otherFormsAreLeftToCel(String expression) {
        assertThat(ModelTable.parse("h", expression)).isNull();
    }

    @Test
    void aModelThatIsNotInTheTableHasNoValue() {
        ModelTable table = new ModelTable("h", Map.of("a", "x"));
        assertThat(table.evaluate(TestHead.get("/"), "a")).isEqualTo("x");
        assertThat(table.evaluate(TestHead.get("/"), "b")).isNull();
        assertThat(table.evaluate(TestHead.get("/"), null)).isNull();
    }
}
