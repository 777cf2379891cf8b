package io.weir.kubernetes.embedded.schema.rule;

import com.fasterxml.jackson.databind.JsonNode;

import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;

import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.schema.FieldPath;
import io.weir.kubernetes.embedded.schema.Schema;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Compiles and runs the rules of schemas. Safe for all threads. */
public final class Rules {

    private static final int MAX_ITERATIONS = 100_000;
    private static final Duration BUDGET = Duration.ofSeconds(3);

    private final LongSupplier nanoTime;
    private final Map<String, Program> programs = new ConcurrentHashMap<>();
    private final Object environmentLock = new Object();
    private volatile @Nullable Environment environment;

    private record Environment(CelCompiler compiler, CelRuntime runtime) {}

    /** An expression that is ready to run, or why it is not. */
    private record Program(CelRuntime.@Nullable Program program, String problem) {}

    /** A rule that could not give an answer. */
    static final class RuleFailure extends Exception {

        RuleFailure(String message) {
            super(message);
        }
    }

    /**
     * @param nanoTime monotonic time for the budget of one object
     */
    public Rules(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Runs every rule that applies to a value that is valid by its schema.
     *
     * @param old the value before the change; null for a new one, whose transition rules don't run
     */
    public List<FieldError> check(
            Schema schema, JsonNode value, @Nullable JsonNode old, FieldPath path) {
        RuleWalk walk = new RuleWalk(this, nanoTime, BUDGET);
        walk.check(schema, value, old, path);
        return walk.errors();
    }

    /** Compiles every rule of a schema and returns the first problem of each broken one. */
    public List<String> compileAll(Schema schema) {
        List<String> problems = new ArrayList<>();
        compileAll(schema, problems);
        return problems;
    }

    private void compileAll(Schema schema, List<String> problems) {
        for (Schema.Rule rule : schema.rules()) {
            String problem = program(rule.expression()).problem();
            if (!problem.isEmpty()) {
                problems.add("rule \"%s\": %s".formatted(rule.expression(), problem));
            }
        }
        schema.properties().values().forEach(member -> compileAll(member, problems));
        if (schema.items() != null) {
            compileAll(schema.items(), problems);
        }
        if (schema.additional() != null) {
            compileAll(schema.additional(), problems);
        }
    }

    Object evaluate(String expression, Map<String, Object> variables) throws RuleFailure {
        Program program = program(expression);
        CelRuntime.Program compiled = program.program();
        if (compiled == null) {
            throw new RuleFailure(program.problem());
        }
        try {
            return compiled.eval(variables);
        } catch (CelEvaluationException e) {
            throw new RuleFailure(String.valueOf(e.getMessage()));
        }
    }

    private Program program(String expression) {
        return programs.computeIfAbsent(expression, this::compile);
    }

    private Program compile(String expression) {
        Environment ready = environment();
        try {
            return new Program(
                    ready.runtime().createProgram(ready.compiler().compile(expression).getAst()),
                    "");
        } catch (CelValidationException | CelEvaluationException e) {
            return new Program(null, firstLine(String.valueOf(e.getMessage())));
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }

    private Environment environment() {
        Environment ready = environment;
        if (ready != null) {
            return ready;
        }
        synchronized (environmentLock) {
            ready = environment;
            if (ready == null) {
                ready = newEnvironment();
                environment = ready;
            }
            return ready;
        }
    }

    private static Environment newEnvironment() {
        CelOptions options =
                CelOptions.current()
                        .comprehensionMaxIterations(MAX_ITERATIONS)
                        .enableHeterogeneousNumericComparisons(true)
                        .build();
        CelCompiler compiler =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setOptions(options)
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                        .addLibraries(CelExtensions.strings(), CelExtensions.optional())
                        .addLibraries(CelExtensions.sets(options), CelExtensions.bindings())
                        .addVar("self", SimpleType.DYN)
                        .addVar("oldSelf", SimpleType.DYN)
                        .addFunctionDeclarations(KubernetesFunctions.declarations())
                        .build();
        CelRuntime runtime =
                CelRuntimeFactory.plannerRuntimeBuilder()
                        .setOptions(options)
                        .addLibraries(CelExtensions.strings(), CelExtensions.optional())
                        .addLibraries(CelExtensions.sets(options))
                        .addFunctionBindings(KubernetesFunctions.bindings())
                        .build();
        return new Environment(compiler, runtime);
    }
}
