package io.weir.routing.cel;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelMap;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** Recognises expressions that are the model itself, or a table of texts indexed by it. */
final class TableShape {

    private static final String TO_STRING = "string";

    private TableShape() {}

    /** Returns whether an expression is the model. */
    static boolean isModel(CelExpr expression) {
        return Reads.isModel(plain(expression));
    }

    /**
     * Returns the table of an expression, or null when it is another kind of expression.
     *
     * @throws ExpressionException when a key is given twice
     */
    static @Nullable Map<String, String> tableIn(CelExpr expression) throws ExpressionException {
        CelExpr root = plain(expression);
        boolean isTable =
                Reads.isCall(root, Reads.INDEX)
                        && root.call().args().getFirst().getKind() == Kind.MAP
                        && isModel(root.call().args().getLast());
        return isTable ? table(root.call().args().getFirst().map()) : null;
    }

    private static @Nullable Map<String, String> table(CelMap map) throws ExpressionException {
        Map<String, String> table = new HashMap<>();
        for (CelMap.Entry entry : map.entries()) {
            String key = text(entry.key());
            String value = text(entry.value());
            if (key == null || value == null || entry.optionalEntry()) {
                return null;
            }
            if (table.put(key, value) != null) {
                throw new ExpressionException("\"" + key + "\" (expected: each key once)");
            }
        }
        return Map.copyOf(table);
    }

    /** Returns the value of a text literal, or null. */
    static @Nullable String text(CelExpr expression) {
        boolean isText =
                expression.getKind() == Kind.CONSTANT
                        && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE;
        return isText ? expression.constant().stringValue() : null;
    }

    /** Takes off {@code string(…)}, which changes nothing here. */
    private static CelExpr plain(CelExpr expression) {
        boolean wrapped =
                Reads.isCall(expression, TO_STRING) && expression.call().args().size() == 1;
        return wrapped ? plain(expression.call().args().getFirst()) : expression;
    }
}
