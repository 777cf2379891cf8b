package io.weir.bench.propagation;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * A change that is made again and again, and how to see that it is in force.
 *
 * @param name for the report
 * @param write makes the change of this number; returns the object as the API answered
 * @param host host of the request that tells
 * @param path path of the request that tells
 * @param answer what is answered once the change of this number is in force
 * @param told collection of the object whose status tells; empty when none does
 * @param object name of that object
 * @param condition type of the condition that tells; empty when it is the generation
 * @param holds whether that condition holds after the change of this number
 */
record Edit(
        String name,
        IntFunction<JsonNode> write,
        String host,
        IntFunction<String> path,
        IntFunction<String> answer,
        String told,
        IntFunction<String> object,
        String condition,
        IntPredicate holds) {

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
                        "",
                        Edit::isOdd),
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
                        "",
                        Edit::isOdd),
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
                        "",
                        Edit::isOdd),
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
                        "Ready",
                        Edit::isOdd),
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
                        "Ready",
                        Edit::isOdd),
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
                        "",
                        Edit::isOdd),
                new Edit(
                        "ReferenceGrant",
                        i ->
                                api.merge(
                                        Manifests.GRANTS + "/grant",
                                        "{\"spec\":%s}"
                                                .formatted(
                                                        Manifests.grantFrom(
                                                                i % 2 == 1
                                                                        ? "default"
                                                                        : "nobody"))),
                        "probe",
                        _ -> "/probe-grant",
                        i -> i % 2 == 1 ? "200 a" : "500",
                        Manifests.ROUTES,
                        _ -> "probe-grant",
                        "ResolvedRefs",
                        Edit::isOdd),
                new Edit(
                        "Service endpoints",
                        i ->
                                api.merge(
                                        Manifests.slices("default") + "/service",
                                        "{\"ports\":[{\"port\":%d}]}".formatted(scene.port(i))),
                        "probe",
                        _ -> "/probe-service",
                        Edit::letter,
                        "",
                        _ -> "",
                        "",
                        Edit::isOdd));
    }

    private static boolean isOdd(int number) {
        return number % 2 == 1;
    }

    private static String letter(int number) {
        return isOdd(number) ? "200 a" : "200 b";
    }

    /** Returns whether a status tells of the change of this number. */
    boolean isTold(int number, JsonNode written, JsonNode now) {
        JsonNode status = now.path("status");
        List<JsonNode> conditions = status.findParents("observedGeneration");
        if (condition.isEmpty()) {
            long generation = written.at("/metadata/generation").asLong();
            return !conditions.isEmpty()
                    && conditions.stream()
                            .allMatch(c -> c.path("observedGeneration").asLong() >= generation);
        }
        String wanted = holds.test(number) ? "True" : "False";
        return conditions.stream()
                .anyMatch(found ->
                        found.path("type").asText().equals(condition)
                                && found.path("status").asText().equals(wanted));
    }
}
