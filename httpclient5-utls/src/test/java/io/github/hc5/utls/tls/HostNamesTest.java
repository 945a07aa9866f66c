package io.github.hc5.utls.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "localhost, localhost",
        "example.com., example.com",
        "bücher.example, xn--bcher-kva.example",
        "1.2.3.4.example, 1.2.3.4.example"
    })
    void namesAreSentInAscii(String host, String serverName) {
        assertThat(HostNames.serverName(host)).isEqualTo(serverName);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"127.0.0.1", "::1", "[::1]", "2001:db8::1", "fe80::1%eth0"})
    void addressesAreNotSent(String host) {
        assertThat(HostNames.serverName(host)).isNull();
    }
}
