package io.weir.routing.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;

import io.weir.routing.HeaderRule;
import io.weir.routing.ModelTable;

import java.util.Map;
import java.util.Set;

/**
 * Compiles header expressions. Variables are {@code request.method}, {@code request.path}, {@code
 * request.host}, {@code request.headers["name"]} and {@code json(request.body).model}.
 */
public final class HeaderExpressions {

    private static final String JSON_OVERLOAD = "json_string";

    private final CelCompiler compiler =
            CelCompilerFactory.standardCelCompilerBuilder()
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .addVar(Reads.REQUEST, MapType.create(SimpleType.STRING, SimpleType.DYN))
                    .addFunctionDeclarations(
                            CelFunctionDecl.newFunctionDeclaration(
                                    Reads.JSON,
                                    CelOverloadDecl.newGlobalOverload(
                                            JSON_OVERLOAD, SimpleType.DYN, SimpleType.STRING)))
                    .build();

    private final CelRuntime runtime =
            CelRuntimeFactory.plannerRuntimeBuilder()
                    .addFunctionBindings(
                            CelFunctionBinding.from(
                                    JSON_OVERLOAD, String.class, HeaderExpressions::bodyOf))
                    .build();

    /**
     * Compiles an expression.
     *
     * @param header name of the header whose value it is
     * @throws ExpressionException when it is no expression, or reads what is not there
     */
    public HeaderRule compile(String header, String expression) throws ExpressionException {
        CelAbstractSyntaxTree tree = parsed(expression);
        Set<String> headersRead = Reads.check(tree);
        CelExpr root = tree.getExpr();
        if (TableShape.isModel(root)) {
            return new ModelTable(header, null);
        }
        Map<String, String> table = TableShape.tableIn(root);
        return table == null
                ? new ProgramRule(header, program(tree), headersRead)
                : new ModelTable(header, table);
    }

    private CelAbstractSyntaxTree parsed(String expression) throws ExpressionException {
        try {
            return compiler.compile(expression).getAst();
        } catch (CelValidationException e) {
            throw new ExpressionException(
                    e.getErrors().getFirst().getMessage() + " (expected: a CEL expression)");
        }
    }

    private CelRuntime.Program program(CelAbstractSyntaxTree tree) throws ExpressionException {
        try {
            return runtime.createProgram(tree);
        } catch (CelEvaluationException e) {
            throw new ExpressionException(e.getMessage() + " (expected: a CEL expression)");
        }
    }

    /** The text of the body is the model's name, as nothing else of it can be read. */
    private static Map<String, Object> bodyOf(String model) {
        return model.isEmpty() ? Map.of() : Map.of(Reads.MODEL, model);
    }
}
