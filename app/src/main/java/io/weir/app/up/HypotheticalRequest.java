package io.weir.app.up;

import io.weir.app.admin.Page;
import io.weir.body.BodyException;
import io.weir.body.BodyFacts;
import io.weir.body.BodyLimits;
import io.weir.body.BodyScanner;
import io.weir.body.ByteRange;
import io.weir.picker.PickRequest;
import io.weir.picker.RequestDetails;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A request that nobody sent, from the parameters of an admin page. */
final class HypotheticalRequest {

    private HypotheticalRequest() {}

    /**
     * Returns the request. Its model is the one that a server would be asked for: rewrites are not
     * applied.
     *
     * @throws IllegalArgumentException when a parameter or the body cannot be read
     */
    static PickRequest of(Page.Request request) {
        ByteBuffer body = ByteBuffer.wrap(request.body());
        BodyFacts facts = body.hasRemaining() ? facts(body) : null;
        String model = request.first("model");
        Map<String, String> headers = headers(request.all("header"));
        return PickRequest.forModel(model == null && facts != null ? facts.model() : model)
                .prompt(
                        facts == null ? List.of() : views(body, facts.promptRanges()),
                        facts == null ? 0 : facts.promptTokensEstimate())
                .maxTokens(facts == null ? -1 : facts.maxTokens())
                .priority(priority(request))
                .fairnessId(headers.get("x-gateway-inference-fairness-id"))
                .objective(headers.get("x-gateway-inference-objective"))
                .details(
                        new RequestDetails(
                                "",
                                0,
                                request.body().length,
                                facts != null && facts.stream(),
                                headers::get,
                                List.of()))
                .build();
    }

    private static BodyFacts facts(ByteBuffer body) {
        BodyScanner scanner = new BodyScanner(BodyLimits.DEFAULTS);
        scanner.feed(body.duplicate());
        try {
            return scanner.finish();
        } catch (BodyException e) {
            throw new IllegalArgumentException("body: " + e.getMessage(), e);
        }
    }

    private static List<ByteBuffer> views(ByteBuffer body, List<ByteRange> ranges) {
        List<ByteBuffer> views = new ArrayList<>();
        for (ByteRange range : ranges) {
            int from = Math.toIntExact(range.start());
            views.add(body.slice(from, Math.toIntExact(range.end()) - from));
        }
        return views;
    }

    private static int priority(Page.Request request) {
        String text = Objects.requireNonNullElse(request.first("priority"), "0");
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("priority: " + text + " (expected: an integer)", e);
        }
    }

    private static Map<String, String> headers(List<String> lines) {
        Map<String, String> headers = new HashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IllegalArgumentException("header: " + line + " (expected: name:value)");
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            headers.merge(name, line.substring(colon + 1).strip(), (a, b) -> a + "," + b);
        }
        return headers;
    }
}
