package io.weir.app.up;

import io.weir.config.Server;
import io.weir.config.Snapshot;
import io.weir.proxy.BindFailure;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Tells why a port could not be bound, whose port it is, and what to do. */
public final class BindAdvice {

    private static final int FIRST_FREE_PORT = 1024;

    private BindAdvice() {}

    public static String of(BindFailure failure, Snapshot snapshot) {
        String place = failure.address() + ":" + failure.port();
        String reason = failure.reason().toLowerCase(Locale.ROOT);
        String what = "can't listen on " + place + " for " + owners(failure, snapshot) + ": ";
        if (reason.contains("in use")) {
            return what
                    + "the port is in use; stop the other program or shift all ports, for"
                    + " instance with --port-offset 1000";
        }
        if (reason.contains("permission") || reason.contains("denied")) {
            return what
                    + "ports below "
                    + FIRST_FREE_PORT
                    + " need privileges; shift all ports, for instance with --port-offset 8000";
        }
        if (reason.contains("assign")) {
            return what + "this machine has no address " + failure.address() + "; see --address";
        }
        return what + failure.reason();
    }

    private static String owners(BindFailure failure, Snapshot snapshot) {
        List<Server> servers =
                snapshot.servers().stream()
                        .filter(server -> server.port() == failure.port())
                        .filter(server -> server.address().equals(failure.address()))
                        .toList();
        return servers.stream()
                .flatMap(server -> server.listeners().stream())
                .map(listener -> "Gateway " + listener.gateway() + " listener " + listener.name())
                .distinct()
                .collect(Collectors.joining(" and "));
    }
}
