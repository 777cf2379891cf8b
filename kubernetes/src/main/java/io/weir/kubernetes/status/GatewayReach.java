package io.weir.kubernetes.status;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.config.Status;
import io.weir.config.StatusCondition;
import io.weir.config.StatusCondition.Value;
import io.weir.kubernetes.embedded.object.Trees;

import java.util.ArrayList;
import java.util.List;

/**
 * Where clients reach a Gateway: at those addresses that it asks for, else at all that there are.
 *
 * @param given addresses that there are
 * @param wanted addresses that the Gateway asks for; empty for any
 */
record GatewayReach(List<String> given, List<String> wanted) {

    private static final String PROGRAMMED = "Programmed";

    /** Returns the addresses that a Gateway asks for. */
    static List<String> wanted(ObjectNode gateway) {
        List<String> wanted = new ArrayList<>();
        Trees.arrayAt(gateway, "spec", "addresses")
                .forEach(address -> wanted.add(Trees.text(address, "value")));
        wanted.removeIf(String::isEmpty);
        return wanted;
    }

    /** Returns the addresses for its status. */
    List<String> addresses() {
        List<String> both = given.stream().filter(wanted::contains).toList();
        return both.isEmpty() ? given : both;
    }

    /** Returns its status; not programmed where it can't be reached. */
    Status tell(Status status) {
        boolean programmed =
                status.conditions().stream()
                        .anyMatch(found -> found.type().equals(PROGRAMMED) && found.isTrue());
        if (!programmed) {
            return status;
        }
        if (!given.containsAll(wanted)) {
            String message =
                    String.join(", ", wanted)
                            + " (expected: among "
                            + String.join(", ", given)
                            + ")";
            return status.with(no("AddressNotUsable", message));
        }
        return given.isEmpty()
                ? status.with(no("AddressNotAssigned", "the Service has no address yet"))
                : status;
    }

    private static StatusCondition no(String reason, String message) {
        return new StatusCondition(PROGRAMMED, Value.FALSE, reason, message);
    }
}
