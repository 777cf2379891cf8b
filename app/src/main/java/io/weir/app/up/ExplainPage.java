package io.weir.app.up;

import io.weir.app.admin.Page;
import io.weir.picker.Explanation;
import io.weir.picker.PickRequest;
import io.weir.picker.pool.DecisionLog;
import io.weir.picker.pool.PickerRegistry;
import io.weir.resource.ObjectKey;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Why requests went where they went, and where one would go.
 *
 * <ul>
 *   <li>{@code GET /explain?request=ID} tells of a request that was picked for while decisions were
 *       kept, {@code GET /explain} of the last ones.
 *   <li>{@code POST /explain?record=on} begins to keep decisions, {@code record=off} ends it.
 *   <li>{@code POST /explain?pool=..&model=..&priority=..&header=name:value}, with a request body
 *       as clients send it, tells of a request that nobody sent. Nothing is reserved for it.
 * </ul>
 *
 * <p>{@code format=json} asks for JSON instead of text.
 */
final class ExplainPage implements Page {

    private final PickerRegistry pickers;
    private final LongSupplier nanoTime;

    ExplainPage(PickerRegistry pickers, LongSupplier nanoTime) {
        this.pickers = pickers;
        this.nanoTime = nanoTime;
    }

    @Override
    public Reply render() {
        return recent(false);
    }

    @Override
    public Reply answer(Request request) {
        boolean json = "json".equals(request.first("format"));
        String record = request.first("record");
        String id = request.first("request");
        if (!request.isPost()) {
            return id == null || id.isEmpty() ? recent(json) : past(id, json);
        }
        return record != null ? switchTo(record) : hypothetical(request, json);
    }

    private Reply switchTo(String record) {
        boolean on = record.equals("on");
        if (!on && !record.equals("off")) {
            return Reply.text(400, "record: " + record + " (expected: on or off)\n");
        }
        pickers.decisions().switchOn(on);
        return Reply.text(200, on ? "decisions are kept\n" : "decisions are not kept\n");
    }

    private Reply recent(boolean json) {
        List<DecisionLog.Entry> entries = pickers.decisions().recent();
        long now = nanoTime.getAsLong();
        return json
                ? ExplanationJson.list(pickers.decisions().isOn(), entries, now)
                : Reply.text(200, ExplanationText.list(pickers.decisions().isOn(), entries, now));
    }

    private Reply past(String id, boolean json) {
        Optional<DecisionLog.Entry> entry = pickers.decisions().find(id);
        if (entry.isEmpty()) {
            String advice =
                    pickers.decisions().isOn()
                            ? "it is not among the last decisions\n"
                            : "decisions are not kept (switch it on: weir explain --record on)\n";
            return Reply.text(404, "request " + id + ": " + advice);
        }
        return reply(entry.get().pool(), entry.get().explanation(), json);
    }

    private Reply hypothetical(Request request, boolean json) {
        ObjectKey pool;
        PickRequest question;
        try {
            pool = pool(request.first("pool"));
            question = HypotheticalRequest.of(request);
        } catch (IllegalArgumentException e) {
            return Reply.text(400, e.getMessage() + "\n");
        }
        return pickers.explain(pool, question)
                .map(explanation -> reply(pool, explanation, json))
                .orElseGet(() -> Reply.text(404, "the pool " + pool.objectName() + " is gone\n"));
    }

    private static Reply reply(ObjectKey pool, Explanation explanation, boolean json) {
        return json
                ? ExplanationJson.one(pool, explanation)
                : Reply.text(200, ExplanationText.one(pool, explanation));
    }

    /** Returns the pool of a name, with or without namespace; the only one when none is named. */
    private ObjectKey pool(@Nullable String name) {
        List<ObjectKey> known =
                pickers.pools().stream().sorted(Comparator.comparing(ObjectKey::toString)).toList();
        List<ObjectKey> named =
                known.stream().filter(key -> name == null || isNamed(key, name)).toList();
        if (named.size() == 1) {
            return named.getFirst();
        }
        String all = String.join(", ", known.stream().map(k -> k.objectName().toString()).toList());
        String one = name == null ? "is missing" : name;
        throw new IllegalArgumentException(
                "pool: " + one + " (expected: one of " + (all.isEmpty() ? "none" : all) + ")");
    }

    private static boolean isNamed(ObjectKey key, String name) {
        return key.name().equals(name) || key.objectName().toString().equals(name);
    }
}
