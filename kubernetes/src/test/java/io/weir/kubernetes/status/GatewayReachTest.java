package io.weir.kubernetes.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.config.Status;
import io.weir.config.StatusCondition;
import io.weir.config.StatusCondition.Value;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.resource.ObjectKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;

class GatewayReachTest {

    @ParameterizedTest
    @CsvSource({
        "'', '', '', AddressNotAssigned",
        "'', '203.0.113.7', '203.0.113.7', Programmed",
        "'', '203.0.113.7 lb.example', '203.0.113.7 lb.example', Programmed",
        "'203.0.113.7', '203.0.113.7 lb.example', '203.0.113.7', Programmed",
        "'203.0.113.7 lb.example', '203.0.113.7 lb.example', '203.0.113.7 lb.example', Programmed",
        "'10.9.9.9', '203.0.113.7', '203.0.113.7', AddressNotUsable",
        "'10.9.9.9 203.0.113.7', '203.0.113.7 lb.example', '203.0.113.7', AddressNotUsable",
        "'10.9.9.9', '', '', AddressNotUsable"
    })
    void aGatewayIsProgrammedWhereItIsReachedAtWhatItAsksFor(
            String wanted, String given, String addresses, String reason) {
        GatewayReach reach =
                new GatewayReach(words(given), GatewayReach.wanted(gateway(words(wanted))));

        assertThat(reach.addresses()).isEqualTo(words(addresses));
        assertThat(reach.tell(status(Value.TRUE, "Programmed")).conditions())
                .singleElement()
                .satisfies(condition -> {
                    assertThat(condition.reason()).isEqualTo(reason);
                    assertThat(condition.isTrue()).isEqualTo(reason.equals("Programmed"));
                });
    }

    @Test
    void whyItIsNotProgrammedAnywayStays() {
        Status invalid = status(Value.FALSE, "Invalid");

        assertThat(new GatewayReach(List.of(), List.of()).tell(invalid)).isEqualTo(invalid);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    private static ObjectNode gateway(List<String> wanted) {
        ObjectNode gateway = Trees.object();
        var addresses = gateway.putObject("spec").putArray("addresses");
        addresses.addObject().put("type", "IPAddress");
        wanted.forEach(value -> addresses.addObject().put("value", value));
        return gateway;
    }

    private static Status status(Value value, String reason) {
        return new Status(
                new ObjectKey("gateway.networking.k8s.io", "Gateway", "default", "gw"),
                1,
                List.of(new StatusCondition("Programmed", value, reason, "")),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
