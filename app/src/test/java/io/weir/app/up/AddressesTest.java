package io.weir.app.up;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetSocketAddress;

class AddressesTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://127.0.0.1:8080",
        "0.0.0.0, http://127.0.0.1:8080",
        "::1, http://[::1]:8080",
        "2001:db8::3, http://[2001:db8::3]:8080",
        "fe80::1:0:0:2, http://[fe80::1:0:0:2]:8080"
    })
    void addressesCanBePasted(String address, String url) {
        assertThat(Addresses.url(new InetSocketAddress(address, 8080))).isEqualTo(url);
    }
}
