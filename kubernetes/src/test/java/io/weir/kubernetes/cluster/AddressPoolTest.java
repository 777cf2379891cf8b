package io.weir.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.resource.ObjectName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Set;

class AddressPoolTest {

    private static final ObjectName ONE = new ObjectName("default", "one");
    private static final ObjectName TWO = new ObjectName("default", "two");
    private static final ObjectName THREE = new ObjectName("default", "three");

    @Test
    void everyGatewayGetsAnAddressOfItsOwnAndKeepsIt() {
        AddressPool pool = AddressPool.of("10.0.8.0/30");

        assertThat(pool.of(ONE, "")).contains("10.0.8.1");
        assertThat(pool.of(TWO, "")).contains("10.0.8.2");
        assertThat(pool.of(ONE, "10.0.8.2")).contains("10.0.8.1");
    }

    @Test
    void theAddressOfAGatewayThatIsGoneIsFreeAgain() {
        AddressPool pool = AddressPool.of("10.0.8.0/30");
        pool.of(ONE, "");
        pool.of(TWO, "");
        assertThat(pool.of(THREE, "")).isEmpty();

        pool.keepOnly(Set.of(TWO, THREE));

        assertThat(pool.of(THREE, "")).contains("10.0.8.1");
    }

    @Test
    void aWantedAddressIsGivenWhenItIsFreeAndInTheRange() {
        AddressPool pool = AddressPool.of("10.0.8.0/24");

        assertThat(pool.of(ONE, "10.0.8.77")).contains("10.0.8.77");
        assertThat(pool.of(TWO, "10.0.8.77")).contains("10.0.8.1");
        assertThat(pool.of(THREE, "10.0.9.77")).contains("10.0.8.2");
    }

    @Test
    void oneAddressIsARange() {
        assertThat(AddressPool.of("127.0.0.9/32").of(ONE, "")).contains("127.0.0.9");
        assertThat(AddressPool.of("fd00::/126").of(ONE, "")).contains("fd00:0:0:0:0:0:0:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.8.0/33", "10.0.8.0/x", "example.com/24", "10.0.8/24x"})
    void whatIsNoRangeIsRefused(String cidr) {
        assertThatThrownBy(() -> AddressPool.of(cidr))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: a range of addresses");
    }
}
