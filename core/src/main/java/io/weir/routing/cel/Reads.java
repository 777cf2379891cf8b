package io.weir.routing.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** Checks what an expression reads of the request. */
final class Reads {

    static final String REQUEST = "request";
    static final String JSON = "json";
    static final String MODEL = "model";
    static final String INDEX = "_[_]";

    private static final String BODY = "body";
    private static final String HEADERS = "headers";
    private static final Set<String> FIELDS = Set.of("method", "path", "host", HEADERS, BODY);

    private Reads() {}

    /**
     * Checks an expression.
     *
     * @return names of the headers that it reads
     */
    static Set<String> check(CelAbstractSyntaxTree tree) throws ExpressionException {
        Set<String> headers = new HashSet<>();
        for (CelNavigableExpr node : CelNavigableAst.fromAst(tree).getRoot().allNodes().toList()) {
            CelExpr parent = node.parent().map(CelNavigableExpr::expr).orElse(null);
            String fault = fault(node.expr(), parent);
            if (fault != null) {
                throw new ExpressionException(fault);
            }
            if (parent != null && isRequest(node.expr(), HEADERS)) {
                headers.add(Objects.requireNonNull(headerName(parent)));
            }
        }
        return headers;
    }

    /** Returns whether an expression is {@code json(request.body).model}. */
    static boolean isModel(CelExpr expression) {
        return switch (expression.getKind()) {
            case SELECT ->
                    expression.select().field().equals(MODEL)
                            && !expression.select().testOnly()
                            && isBody(expression.select().operand());
            case CALL ->
                    isCall(expression, INDEX)
                            && isBody(expression.call().args().getFirst())
                            && isText(expression.call().args().getLast(), MODEL);
            default -> false;
        };
    }

    static boolean isCall(CelExpr expression, String function) {
        return expression.getKind() == Kind.CALL && expression.call().function().equals(function);
    }

    private static @Nullable String fault(CelExpr expression, @Nullable CelExpr parent) {
        if (isRequest(expression)) {
            return parent != null && isField(parent)
                    ? null
                    : "request (expected: request.method, .path, .host, .headers or .body)";
        }
        if (isRequest(expression, BODY)) {
            return parent != null && isCall(parent, JSON)
                    ? null
                    : "request.body (expected: only in json(request.body).model)";
        }
        if (isRequest(expression, HEADERS)) {
            return parent != null && headerName(parent) != null
                    ? null
                    : "request.headers (expected: one header, request.headers[\"name\"])";
        }
        if (isCall(expression, JSON)) {
            return parent != null && isBody(expression) && readsModel(parent)
                    ? null
                    : "json (expected: json(request.body).model; other fields of the body can't be"
                            + " read)";
        }
        return null;
    }

    private static boolean isRequest(CelExpr expression) {
        return expression.getKind() == Kind.IDENT && expression.ident().name().equals(REQUEST);
    }

    private static boolean isRequest(CelExpr expression, String field) {
        return expression.getKind() == Kind.SELECT
                && expression.select().field().equals(field)
                && isRequest(expression.select().operand());
    }

    private static boolean isField(CelExpr parent) {
        return parent.getKind() == Kind.SELECT && FIELDS.contains(parent.select().field());
    }

    private static boolean isBody(CelExpr expression) {
        return isCall(expression, JSON)
                && expression.call().args().size() == 1
                && isRequest(expression.call().args().getFirst(), BODY);
    }

    private static boolean readsModel(CelExpr parent) {
        if (parent.getKind() == Kind.SELECT) {
            return parent.select().field().equals(MODEL);
        }
        return isCall(parent, INDEX) && isText(parent.call().args().getLast(), MODEL);
    }

    /** Returns the header that an expression around {@code request.headers} reads, or null. */
    private static @Nullable String headerName(CelExpr parent) {
        if (parent.getKind() == Kind.SELECT) {
            return parent.select().field();
        }
        if (isCall(parent, INDEX)) {
            return TableShape.text(parent.call().args().getLast());
        }
        return isCall(parent, "@in") ? TableShape.text(parent.call().args().getFirst()) : null;
    }

    private static boolean isText(CelExpr expression, String text) {
        return text.equals(TableShape.text(expression));
    }
}
