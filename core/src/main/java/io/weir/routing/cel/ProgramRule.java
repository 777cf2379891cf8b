package io.weir.routing.cel;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;

import io.weir.routing.HeaderRule;
import io.weir.routing.RequestHead;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Any other expression. One that fails on a request, for instance for want of a header, gives no
 * value.
 *
 * @param header name of the header
 * @param program the compiled expression
 * @param headersRead names of headers that it reads
 */
record ProgramRule(String header, CelRuntime.Program program, Set<String> headersRead)
        implements HeaderRule {

    ProgramRule {
        headersRead = Set.copyOf(headersRead);
    }

    @Override
    public @Nullable String evaluate(RequestHead head, @Nullable String model) {
        try {
            Object value = program.eval(Map.of(Reads.REQUEST, request(head, model)));
            return switch (value) {
                case String text -> text;
                case Long number -> number.toString();
                case Boolean bool -> bool.toString();
                case Double number -> number.toString();
                default -> null;
            };
        } catch (CelEvaluationException failedOnThisRequest) {
            return null;
        }
    }

    private Map<String, Object> request(RequestHead head, @Nullable String model) {
        return Map.of(
                "method", head.method(),
                "path", head.path(),
                "host", head.host(),
                "headers", headers(head),
                "body", model == null ? "" : model);
    }

    private Map<String, String> headers(RequestHead head) {
        if (headersRead.isEmpty()) {
            return Map.of();
        }
        Map<String, String> values = new HashMap<>();
        for (String name : headersRead) {
            String value = head.header(name);
            if (value != null) {
                values.put(name, value);
            }
        }
        return values;
    }
}
