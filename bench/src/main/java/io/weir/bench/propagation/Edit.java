package io.weir.bench.propagation;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.function.IntFunction;

/**
 * A change that is made again and again, and how to see that it is in force.
 *
 * @param name for the report
 * @param write makes the change of this number; returns the object as the API answered
 * @param host host of the request that tells
 * @param path path of the request that tells
 * @param answer what is answered once the change of this number is in force
 * @param told collection of the object whose status tells
 * @param object name of that object
 * @param ready whether the object's endpoints are ready after the change of this number; null when
 *     it is the generation that tells
 */
record Edit(
        String name,
        IntFunction<JsonNode> write,
        String host,
        IntFunction<String> path,
        IntFunction<String> answer,
        String told,
        IntFunction<String> object,
        @org.jspecify.annotations.Nullable IntFunction<Boolean> ready) {

    /** Returns all kinds of change; even and odd numbers undo each other. */
    static List<Edit> all(ApiConnection api, Scene scene) {
        return List.of(
                new Edit(
                        "route weights",
                        i ->
                                api.merge(
                                        Manifests.ROUTES + "/probe-route",
                                        "{\"spec\":{\"rules\":%s}}"
                                                .formatted(
                                                        Manifests.rules(
                                                                "/probe-route", scene.ab(i)))),
                        "probe",
                        _ -> "/probe-route",
                        Edit::letter,
                        Manifests.ROUTES,
                        _ -> "probe-route",
                        null),
                new Edit(
                        "new route",
                        i ->
                                api.create(
                                        Manifests.ROUTES,
                                        Manifests.route(
                                                "new-" + i,
                                                "main",
                                                "",
                                                "/new-" + i,
                                                Manifests.ref("probe-a", 1))),
                        "probe",
                        i -> "/new-" + i,
                        _ -> "200 a",
                        Manifests.ROUTES,
                        i -> "new-" + i,
                        null),
                new Edit(
                        "pool port",
                        i ->
                                api.merge(
                                        Manifests.POOLS + "/probe-pool",
                                        "{\"spec\":{\"targetPorts\":[{\"number\":%d}]}}"
                                                .formatted(scene.port(i))),
                        "probe",
                        _ -> "/probe-pool",
                        Edit::letter,
                        Manifests.POOLS,
                        _ -> "probe-pool",
                        null),
                new Edit(
                        "Pod ready",
                        i ->
                                api.merge(
                                        Manifests.PODS + "/probe-pod/status",
                                        Manifests.podStatus("127.0.0.1", i % 2 == 1)),
                        "probe",
                        _ -> "/probe-pods",
                        i -> i % 2 == 1 ? "200 a" : "503",
                        Manifests.POOLS,
                        _ -> "probe-pods",
                        i -> i % 2 == 1),
                new Edit(
                        "Pod joins",
                        i ->
                                api.merge(
                                        Manifests.PODS + "/joining-pod",
                                        "{\"metadata\":{\"labels\":{\"app\":\"%s\"}}}"
                                                .formatted(i % 2 == 1 ? "joined" : "nobody")),
                        "probe",
                        _ -> "/probe-joined",
                        i -> i % 2 == 1 ? "200 a" : "503",
                        Manifests.POOLS,
                        _ -> "probe-joined",
                        i -> i % 2 == 1),
                new Edit(
                        "Gateway listener",
                        i ->
                                api.merge(
                                        Manifests.GATEWAYS + "/gateway",
                                        Manifests.gateway(
                                                scene.gatewayPort(),
                                                i % 2 == 1 ? "a.probe" : "b.probe")),
                        "a.probe",
                        _ -> "/probe-gateway",
                        i -> i % 2 == 1 ? "200 a" : "404",
                        Manifests.GATEWAYS,
                        _ -> "gateway",
                        null));
    }

    private static String letter(int number) {
        return number % 2 == 1 ? "200 a" : "200 b";
    }

    /** Returns whether a status tells of the change of this number. */
    boolean isTold(int number, JsonNode written, JsonNode now) {
        JsonNode status = now.path("status");
        List<JsonNode> conditions = status.findParents("observedGeneration");
        if (ready == null) {
            long generation = written.at("/metadata/generation").asLong();
            return !conditions.isEmpty()
                    && conditions.stream()
                            .allMatch(c -> c.path("observedGeneration").asLong() >= generation);
        }
        String wanted = Boolean.TRUE.equals(ready.apply(number)) ? "True" : "False";
        return conditions.stream()
                .anyMatch(condition ->
                        condition.path("type").asText().equals("Ready")
                                && condition.path("status").asText().equals(wanted));
    }
}
