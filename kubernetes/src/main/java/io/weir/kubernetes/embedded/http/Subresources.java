package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.engine.Engine;
import io.weir.kubernetes.embedded.engine.Outcome;
import io.weir.kubernetes.embedded.engine.Patch;
import io.weir.kubernetes.embedded.engine.Ref;
import io.weir.kubernetes.embedded.kind.KindVersion;
import io.weir.kubernetes.embedded.kind.KindVersion.ScalePaths;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.object.Trees;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Status, scale, log and the tokens of service accounts. */
final class Subresources {

    private static final long TOKEN_SECONDS = 3_600;
    private static final long LEAST_TOKEN_SECONDS = 600;
    private static final long MOST_TOKEN_SECONDS = 31_536_000;
    private static final Set<String> STREAMS = Set.of("exec", "attach", "portforward", "proxy");

    private final Engine engine;
    private final Replies replies;
    private final Bodies bodies;
    private final PodLogs logs;
    private final AccountTokens tokens;

    Subresources(
            Engine engine, Replies replies, Bodies bodies, PodLogs logs, AccountTokens tokens) {
        this.engine = engine;
        this.replies = replies;
        this.bodies = bodies;
        this.logs = logs;
        this.tokens = tokens;
    }

    void serve(Call call, Ref ref, String subresource) throws IOException, InterruptedException {
        KindVersion version = ref.served().version();
        if (subresource.equals("status") && version.hasStatus()) {
            status(call, ref);
        } else if (subresource.equals("scale") && version.scale().isPresent()) {
            scale(call, ref, version.scale().get());
        } else if (subresource.equals("log") && version.subresources().contains("log")) {
            log(call, ref);
        } else if (subresource.equals("token") && version.subresources().contains("token")) {
            token(call, ref);
        } else if (isPod(ref) && STREAMS.contains(subresource)) {
            throw ApiError.badRequest(
                    "pods/%s is not possible here: Pods run inside this process, without containers"
                            .formatted(subresource));
        } else {
            throw ApiError.noSuchPath();
        }
    }

    private static boolean isPod(Ref ref) {
        return ref.served().info().resource().equals("pods");
    }

    private void status(Call call, Ref ref) throws IOException {
        Outcome outcome =
                switch (call.method()) {
                    case "GET" -> new Outcome(engine.get(ref), false, List.of());
                    case "PUT" ->
                            engine.update(ref, "status", bodies.object(call), call.writeOptions());
                    case "PATCH" ->
                            engine.patch(ref, "status", bodies.patch(call), call.writeOptions());
                    default -> throw ApiError.methodNotAllowed();
                };
        outcome.warnings().forEach(call::warn);
        replies.object(call, 200, ref.served(), outcome.object());
    }

    private void scale(Call call, Ref ref, ScalePaths paths) throws IOException {
        ObjectNode object = engine.get(ref);
        switch (call.method()) {
            case "GET" -> {}
            case "PUT" -> object = scaleTo(call, ref, paths, bodies.object(call));
            case "PATCH" -> {
                if (!(bodies.patch(call) instanceof Patch.Merge merge)) {
                    throw ApiError.unsupportedMediaType(
                            "a scale takes application/merge-patch+json");
                }
                object = scaleTo(call, ref, paths, merge.body());
            }
            default -> throw ApiError.methodNotAllowed();
        }
        call.reply(200, Scales.of(ref, object, paths));
    }

    private ObjectNode scaleTo(Call call, Ref ref, ScalePaths paths, ObjectNode body) {
        JsonNode replicas = Trees.at(body, "spec", "replicas");
        if (!replicas.isIntegralNumber() || replicas.asInt() < 0) {
            throw ApiError.badRequest(
                    "spec.replicas: " + replicas + " (expected: a number, 0 or more)");
        }
        ObjectNode patch = Trees.object();
        String version = Trees.text(body, "metadata", "resourceVersion");
        if (!version.isEmpty()) {
            patch.putObject("metadata").put("resourceVersion", version);
        }
        ObjectNode parent = patch;
        String[] steps = paths.spec().split("\\.", -1);
        for (int i = 0; i < steps.length - 1; i++) {
            parent = Trees.child(parent, steps[i]);
        }
        parent.set(steps[steps.length - 1], replicas);
        return engine.patch(ref, "", new Patch.Merge(patch), call.writeOptions()).object();
    }

    private void log(Call call, Ref ref) throws IOException, InterruptedException {
        if (!call.method().equals("GET")) {
            throw ApiError.methodNotAllowed();
        }
        PodLogs.Request request =
                new PodLogs.Request(
                        call.parameter("container"),
                        call.flag("follow"),
                        call.flag("previous"),
                        call.flag("timestamps"),
                        call.number("tailLines", -1),
                        call.number("limitBytes", -1),
                        call.number("sinceSeconds", -1),
                        call.parameter("sinceTime"));
        logs.write(engine.get(ref), request, () -> call.stream("text/plain"));
        if (!call.isAnswered()) {
            call.reply(200, "text/plain", new byte[0]);
        }
    }

    private void token(Call call, Ref ref) throws IOException {
        if (!call.method().equals("POST")) {
            throw ApiError.methodNotAllowed();
        }
        ObjectNode request = bodies.object(call);
        long seconds = Trees.at(request, "spec", "expirationSeconds").asLong(TOKEN_SECONDS);
        if (seconds < LEAST_TOKEN_SECONDS || seconds > MOST_TOKEN_SECONDS) {
            throw ApiError.invalid(
                    ApiError.Subject.of("authentication.k8s.io", "TokenRequest", ref.name()),
                    List.of(
                            FieldError.invalid(
                                    "spec.expirationSeconds",
                                    seconds,
                                    "expected: %d..%d"
                                            .formatted(LEAST_TOKEN_SECONDS, MOST_TOKEN_SECONDS))));
        }
        call.reply(201, tokens.answer(engine.get(ref), request, seconds));
    }
}
