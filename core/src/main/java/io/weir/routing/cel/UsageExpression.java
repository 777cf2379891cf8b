package io.weir.routing.cel;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;

import io.weir.body.Usage;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * A CEL expression over the usage that a server reported: {@code usage.prompt_tokens}, {@code
 * usage.completion_tokens}, {@code usage.total_tokens} and {@code
 * usage.prompt_tokens_details.cached_tokens}; each is absent as long as it is not known.
 */
public final class UsageExpression {

    private static final String USAGE = "usage";
    private static final CelCompiler COMPILER =
            CelCompilerFactory.standardCelCompilerBuilder()
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .addVar(USAGE, MapType.create(SimpleType.STRING, SimpleType.DYN))
                    .build();
    private static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder().build();

    private final CelRuntime.Program program;

    private UsageExpression(CelRuntime.Program program) {
        this.program = program;
    }

    /**
     * Compiles an expression.
     *
     * @throws ExpressionException when it is none
     */
    public static UsageExpression compile(String expression) throws ExpressionException {
        try {
            return new UsageExpression(
                    RUNTIME.createProgram(COMPILER.compile(expression.strip()).getAst()));
        } catch (CelValidationException e) {
            throw new ExpressionException(
                    e.getErrors().getFirst().getMessage() + " (expected: a CEL expression)");
        } catch (CelEvaluationException e) {
            throw new ExpressionException(e.getMessage() + " (expected: a CEL expression)");
        }
    }

    /** Returns the number that it comes to; null when it comes to none. */
    public @Nullable Double number(Usage usage) {
        return switch (evaluate(usage)) {
            case Number number -> number.doubleValue();
            case null, default -> null;
        };
    }

    /** Returns whether it holds; one that can't be told does not. */
    public boolean holds(Usage usage) {
        return Boolean.TRUE.equals(evaluate(usage));
    }

    private @Nullable Object evaluate(Usage usage) {
        try {
            return program.eval(Map.of(USAGE, fields(usage)));
        } catch (CelEvaluationException saysNothingOfThisUsage) {
            return null;
        }
    }

    private static Map<String, Object> fields(Usage usage) {
        Map<String, Object> fields = new HashMap<>();
        put(fields, "prompt_tokens", usage.promptTokens());
        put(fields, "completion_tokens", usage.completionTokens());
        put(fields, "total_tokens", usage.totalTokens());
        Map<String, Object> details = new HashMap<>();
        put(details, "cached_tokens", usage.cachedTokens());
        fields.put("prompt_tokens_details", details);
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, long tokens) {
        if (tokens >= 0) {
            fields.put(name, tokens);
        }
    }
}
