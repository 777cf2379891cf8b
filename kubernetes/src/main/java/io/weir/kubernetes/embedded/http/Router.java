package io.weir.kubernetes.embedded.http;

import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Finds out what a path means. */
final class Router {

    private static final Set<String> HEALTH = Set.of("healthz", "livez", "readyz");

    private final Verbs verbs;
    private final Discovery discovery;
    private final AggregatedDiscovery aggregated;
    private final OpenApi openApi;
    private final Reviews reviews;

    Router(
            Verbs verbs,
            Discovery discovery,
            AggregatedDiscovery aggregated,
            OpenApi openApi,
            Reviews reviews) {
        this.verbs = verbs;
        this.discovery = discovery;
        this.aggregated = aggregated;
        this.openApi = openApi;
        this.reviews = reviews;
    }

    /** Returns whether a path may be asked for without credentials. */
    static boolean isHealth(List<String> path) {
        return path.size() == 1 && HEALTH.contains(path.getFirst());
    }

    void serve(Call call, List<String> path, User user) throws IOException, InterruptedException {
        if (path.isEmpty()) {
            roots(call);
            return;
        }
        switch (path.getFirst()) {
            case "api", "apis" -> api(call, path, user);
            case "openapi" -> openApi(call, path);
            case "version" -> call.reply(200, ApiVersion.tree());
            case "healthz", "livez", "readyz" ->
                    call.reply(200, "text/plain", "ok".getBytes(StandardCharsets.UTF_8));
            default -> throw ApiError.noSuchPath();
        }
    }

    private void api(Call call, List<String> path, User user)
            throws IOException, InterruptedException {
        boolean core = path.getFirst().equals("api");
        if (path.size() == 1) {
            top(call, core);
        } else if (!core && path.size() == 2) {
            call.reply(200, discovery.group(path.get(1)));
        } else if (path.size() == (core ? 2 : 3)) {
            call.reply(200, discovery.resources(core ? "" : path.get(1), path.get(core ? 1 : 2)));
        } else {
            resource(call, path, user);
        }
    }

    private void top(Call call, boolean core) throws IOException {
        if (AggregatedDiscovery.isAskedFor(call)) {
            byte[] body = Trees.bytes(aggregated.list(core));
            call.setHeader("Vary", "Accept");
            call.reply(200, AggregatedDiscovery.MEDIA_TYPE, body);
        } else {
            call.reply(200, core ? discovery.core() : discovery.groupList());
        }
    }

    private void resource(Call call, List<String> path, User user)
            throws IOException, InterruptedException {
        RequestPath resource = RequestPath.of(path).orElseThrow(ApiError::noSuchPath);
        if (reviews.isReview(resource)) {
            reviews.serve(call, resource, user);
            return;
        }
        if (!user.mayWrite() && !call.method().equals("GET")) {
            throw ApiError.forbidden(
                    ApiError.Subject.of(resource.group(), resource.plural(), resource.name()),
                    "User \"%s\" may only look".formatted(user.name()));
        }
        verbs.serve(call, resource);
    }

    private void openApi(Call call, List<String> path) throws IOException {
        if (path.size() == 2 && path.get(1).equals("v2")) {
            SwaggerStub.reply(call);
            return;
        }
        if (path.size() < 2 || !path.get(1).equals("v3")) {
            throw ApiError.noSuchPath();
        }
        switch (path.size()) {
            case 2 -> call.reply(200, openApi.index());
            case 4 -> call.reply(200, openApi.document("", path.get(3), schemas(call)));
            case 5 -> call.reply(200, openApi.document(path.get(3), path.get(4), schemas(call)));
            default -> throw ApiError.noSuchPath();
        }
    }

    private static boolean schemas(Call call) {
        return !OpenApi.needsNoSchemas(call.header("Kubectl-Command"));
    }

    private static void roots(Call call) throws IOException {
        var node = Trees.object();
        Discovery.texts(
                node,
                "paths",
                List.of(
                        "/api",
                        "/apis",
                        "/healthz",
                        "/livez",
                        "/openapi/v3",
                        "/readyz",
                        "/version"));
        call.reply(200, node);
    }
}
