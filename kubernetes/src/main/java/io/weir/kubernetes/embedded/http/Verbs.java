package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.engine.DeleteOptions;
import io.weir.kubernetes.embedded.engine.DeleteOptions.Propagation;
import io.weir.kubernetes.embedded.engine.Engine;
import io.weir.kubernetes.embedded.engine.Outcome;
import io.weir.kubernetes.embedded.engine.Ref;
import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Statuses;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.store.ObjectStore;
import io.weir.kubernetes.embedded.store.Stored;

import java.io.IOException;
import java.util.List;

/** What can be done with objects and lists. */
final class Verbs {

    private final Kinds kinds;
    private final Engine engine;
    private final Replies replies;
    private final Bodies bodies;
    private final Subresources subresources;
    private final Namesakes namesakes;

    Verbs(Kinds kinds, Engine engine, Replies replies, Bodies bodies, Subresources subresources) {
        this.kinds = kinds;
        this.engine = engine;
        this.replies = replies;
        this.bodies = bodies;
        this.subresources = subresources;
        this.namesakes = new Namesakes(kinds, engine.store());
    }

    void serve(Call call, RequestPath path) throws IOException, InterruptedException {
        Served served =
                kinds.byPath(path.group(), path.version(), path.plural())
                        .orElseThrow(ApiError::noSuchPath);
        call.warn(served.version().deprecation());
        if (path.namespace().isEmpty()
                && served.info().namespaced()
                && !path.name().isEmpty()
                && !call.flag("watch")) {
            throw ApiError.noSuchPath();
        }
        if (!path.namespace().isEmpty() && !served.info().namespaced()) {
            throw ApiError.noSuchPath();
        }
        if (path.name().isEmpty()) {
            collection(call, served, path);
        } else {
            named(call, new Ref(served, path.namespace(), path.name()), path);
        }
    }

    private void named(Call call, Ref ref, RequestPath path)
            throws IOException, InterruptedException {
        try {
            one(call, ref, path);
        } catch (ApiError e) {
            if (e.isNotFound()) {
                namesakes.warnOfObject(call, ref.served().info(), ref.key());
            }
            throw e;
        }
    }

    private void collection(Call call, Served served, RequestPath path)
            throws IOException, InterruptedException {
        switch (call.method()) {
            case "GET" -> {
                if (call.flag("watch")) {
                    watch(call, served, path);
                } else {
                    list(call, served, path);
                }
            }
            case "POST" -> create(call, new Ref(served, path.namespace(), ""));
            case "DELETE" -> deleteAll(call, served, path);
            default -> throw ApiError.methodNotAllowed();
        }
    }

    private void one(Call call, Ref ref, RequestPath path)
            throws IOException, InterruptedException {
        if (!path.subresource().isEmpty()) {
            subresources.serve(call, ref, path.subresource());
            return;
        }
        switch (call.method()) {
            case "GET" -> {
                if (call.flag("watch")) {
                    watch(call, ref.served(), path);
                } else {
                    replies.object(call, 200, ref.served(), engine.get(ref));
                }
            }
            case "PUT" ->
                    reply(
                            call,
                            ref,
                            engine.update(ref, "", bodies.object(call), call.writeOptions()));
            case "PATCH" ->
                    reply(
                            call,
                            ref,
                            engine.patch(ref, "", bodies.patch(call), call.writeOptions()));
            case "DELETE" -> delete(call, ref);
            default -> throw ApiError.methodNotAllowed();
        }
    }

    private void list(Call call, Served served, RequestPath path) throws IOException {
        Selection selection = Selection.of(call, served, path);
        ObjectStore.Listing listing =
                engine.list(served, selection.namespace(), selection.labels(), selection.fields());
        ListPages page =
                ListPages.cut(listing.items(), call.number("limit", 0), call.parameter("continue"));
        List<ObjectNode> items =
                page.items().stream().map(item -> Engine.spoken(served, item)).toList();
        namesakes.warnOfList(call, served.info(), selection.namespace(), items.isEmpty());
        replies.list(call, served, items, listing.version(), page.next(), page.remaining());
    }

    private void watch(Call call, Served served, RequestPath path)
            throws IOException, InterruptedException {
        Selection selection = Selection.of(call, served, path);
        new WatchStream(engine, replies, call, served, selection).run();
    }

    private void create(Call call, Ref ref) throws IOException {
        ObjectNode body = bodies.object(call);
        Ref target = ref;
        if (ref.served().info().namespaced() && ref.namespace().isEmpty()) {
            throw ApiError.badRequest("an empty namespace may not be set during creation");
        }
        reply(call, target, engine.create(target, body, call.writeOptions()));
    }

    private void reply(Call call, Ref ref, Outcome outcome) throws IOException {
        outcome.warnings().forEach(call::warn);
        if (outcome.created() && ref.served().info().inert()) {
            call.warn(
                    ref.served().info().kind()
                            + " objects are kept, but nothing here acts on them");
        }
        replies.object(call, outcome.created() ? 201 : 200, ref.served(), outcome.object());
    }

    private void delete(Call call, Ref ref) throws IOException {
        Engine.Deleted deleted = engine.delete(ref, options(call));
        KindInfo info = ref.served().info();
        ObjectNode object = deleted.object();
        if (deleted.gone() || object == null) {
            String uid = object == null ? "" : Trees.uid(object);
            call.reply(200, Statuses.deleted(info.group(), info.plural(), ref.name(), uid));
        } else {
            call.reply(200, object);
        }
    }

    private void deleteAll(Call call, Served served, RequestPath path) throws IOException {
        Selection selection = Selection.of(call, served, path);
        DeleteOptions options = options(call);
        ObjectStore.Listing listing =
                engine.list(served, selection.namespace(), selection.labels(), selection.fields());
        for (Stored item : listing.items()) {
            Ref ref = new Ref(served, item.key().namespace(), item.key().name());
            try {
                engine.delete(ref, options);
            } catch (ApiError e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
        List<ObjectNode> items =
                listing.items().stream().map(item -> Engine.spoken(served, item)).toList();
        replies.list(call, served, items, listing.version(), "", 0);
    }

    private DeleteOptions options(Call call) throws IOException {
        JsonNode body = bodies.optional(call);
        String policy = Trees.text(body, "propagationPolicy");
        if (policy.isEmpty()) {
            policy = call.parameter("propagationPolicy");
        }
        boolean orphan = body.path("orphanDependents").asBoolean(false);
        long grace = body.path("gracePeriodSeconds").asLong(call.number("gracePeriodSeconds", -1));
        String dryRun = body.path("dryRun").path(0).asText(call.parameter("dryRun"));
        return new DeleteOptions(
                orphan ? Propagation.ORPHAN : propagation(policy),
                Trees.text(body, "preconditions", "uid"),
                Trees.text(body, "preconditions", "resourceVersion"),
                grace,
                Call.dryRun(dryRun),
                "");
    }

    private static Propagation propagation(String policy) {
        return switch (policy) {
            case "", "Background" -> Propagation.BACKGROUND;
            case "Foreground" -> Propagation.FOREGROUND;
            case "Orphan" -> Propagation.ORPHAN;
            default ->
                    throw ApiError.badRequest(
                            "propagationPolicy: \"%s\" (expected: Background, Foreground or Orphan)"
                                    .formatted(policy));
        };
    }
}
