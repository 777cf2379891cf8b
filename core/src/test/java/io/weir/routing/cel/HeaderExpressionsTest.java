package io.weir.routing.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.routing.HeaderRule;
import io.weir.routing.ModelTable;
import io.weir.routing.TestHead;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderExpressionsTest {

    private static final String TABLE =
            """
            {
              "llama": "meta/llama",
              "food-review-1": "meta/llama",
              "ski-resorts": "deepseek",
            }[json(request.body).model]
            """;

    private static final TestHead HEAD =
            TestHead.of("POST", "/v1/chat").withHost("example.com").with("X-Tenant", "acme");

    private final HeaderExpressions expressions = new HeaderExpressions();

    @ParameterizedTest
    @CsvSource({"llama,meta/llama", "food-review-1,meta/llama", "ski-resorts,deepseek", "other,"})
    void aTableIndexedByTheModelIsAPlainLookup(String model, String expected)
            throws ExpressionException {
        HeaderRule rule = expressions.compile("X-Base", TABLE);
        assertThat(rule).isInstanceOf(ModelTable.class);
        assertThat(rule.header()).isEqualTo("X-Base");
        assertThat(rule.evaluate(HEAD, model)).isEqualTo(expected);
    }

    @Test
    void aRequestWithoutModelHasNoValue() throws ExpressionException {
        assertThat(expressions.compile("x", TABLE).evaluate(HEAD, null)).isNull();
        assertThat(expressions.compile("x", "json(request.body).model").evaluate(HEAD, null))
                .isNull();
        assertThat(expressions.compile("x", "'m-' + json(request.body).model").evaluate(HEAD, null))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'a': 'b'}[string(json(request.body).model)]",
                "{'a': 'b'}[json(request.body)['model']]",
                "string({'a': 'b'}[json(request.body).model])",
                "json(request.body).model",
                "string(json(request.body).model)",
            })
    void usualShapesNeedNoCel(String expression) throws ExpressionException {
        assertThat(expressions.compile("x", expression)).isInstanceOf(ModelTable.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "request.method | POST",
                "request.path + '@' + request.host | /v1/chat@example.com",
                "request.headers['x-tenant'] | acme",
                "request.headers['X-TENANT'] | acme",
                "request.headers['none'] | ",
                "'x-tenant' in request.headers ? 'yes' : 'no' | yes",
                "'none' in request.headers ? 'yes' : 'no' | no",
                "has(json(request.body).model) ? json(request.body).model : 'default' | llama",
                "json(request.body).model.startsWith('ll') ? 'a' : 'b' | a",
                "{'llama': 1}[json(request.body).model] | 1",
                "1 / 0 == 1 | ",
                "['a'] | ",
            })
    void otherExpressionsAreEvaluated(String expression, String expected)
            throws ExpressionException {
        assertThat(expressions.compile("x", expression).evaluate(HEAD, "llama"))
                .isEqualTo(expected);
    }

    @Test
    void absentModelsCanBeToldByExpressions() throws ExpressionException {
        HeaderRule rule =
                expressions.compile("x", "has(json(request.body).model) ? 'model' : 'none'");
        assertThat(rule.evaluate(HEAD, null)).isEqualTo("none");
        assertThat(rule.evaluate(HEAD, "m")).isEqualTo("model");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "json(request.body).prompt | other fields of the body",
                "json(request.body).model.size() > 3 && json(request.body).n > 1 | other fields",
                "json(request.body) | other fields of the body",
                "json('{}').model | json(request.body).model",
                "request.body | only in json(request.body).model",
                "request.body.size() | only in json(request.body).model",
                "request.uri | request.method",
                "request | request.method",
                "request.headers | request.headers[\"name\"]",
                "request.headers[request.path] | request.headers[\"name\"]",
                "request.headers.exists(h, h == 'x') | request.headers[\"name\"]",
                "{'a': 'b', 'a': 'c'}[json(request.body).model] | each key once",
                "{'a': 'b' | a CEL expression",
                "response.code | a CEL expression",
                "1 + 'a' | a CEL expression",
            })
    void whatCanNotBeReadIsRefusedWithAReason(String expression, String reason) {
        assertThatThrownBy(() -> expressions.compile("x", expression))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining(reason);
    }
}
