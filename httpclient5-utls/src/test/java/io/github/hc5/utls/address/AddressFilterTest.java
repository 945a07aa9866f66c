package io.github.hc5.utls.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressFilterTest {

    private static InetAddress ip(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.255, true",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 203.0.113.9, false",
        "2001:db8:8000::/33, 2001:db8:8000::1, true",
        "2001:db8:8000::/33, 2001:db8:7fff::1, false",
        "::ffff:10.0.0.0/104, 10.1.2.3, true",
        "::ffff:10.0.0.1, 10.0.0.1, true"
    })
    void aBlockHoldsWhatItsPrefixSays(String block, String address, boolean inside) throws Exception {
        assertThat(AddressFilter.builder().deny(block).build().permits(ip(address)))
                .isEqualTo(!inside);
    }

    @Test
    void anIpv4RuleHoldsForTheMappedAddress() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        mapped[12] = 10;
        mapped[15] = 1;
        InetAddress address = java.net.Inet6Address.getByAddress(null, mapped, -1);

        assertThat(address.getAddress()).hasSize(16);
        assertThat(AddressFilter.builder().deny("10.0.0.0/8").build().permits(address))
                .isFalse();
    }

    @Test
    void onlyTheAllowedPassOnceOneIsAllowed() throws Exception {
        AddressFilter filter =
                AddressFilter.builder().allow("192.0.2.0/24").deny("192.0.2.1").build();

        assertThat(filter.permits(ip("192.0.2.2"))).isTrue();
        assertThat(filter.permits(ip("192.0.2.1"))).isFalse();
        assertThat(filter.permits(ip("192.0.3.2"))).isFalse();
        assertThat(filter.denies(ip("192.0.3.2"))).isFalse();
        assertThat(filter.denies(ip("192.0.2.1"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.1.1",
                "172.31.255.255",
                "192.168.0.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "::1",
                "::",
                "fd00::1",
                "fe80::1",
                "ff02::1",
                "64:ff9b::10.0.0.1",
                "2002:a00:1::1",
                "::10.0.0.1"
            })
    void theGuardRefusesWhatNoPublicHostHas(String address) throws Exception {
        AddressFilter guard = AddressFilter.builder().privateGuard(true).build();

        assertThat(guard.permits(ip(address))).isFalse();
        assertThat(AddressFilter.NONE.permits(ip(address))).isTrue();
    }

    @Test
    void theGuardLetsPublicAddressesPassAndThoseAllowedByName() throws Exception {
        AddressFilter guard = AddressFilter.builder().privateGuard(true).build();

        assertThat(guard.permits(ip("172.32.0.1"))).isTrue();
        assertThat(guard.permits(ip("2606:4700::1"))).isTrue();
        assertThat(guard.permits(ip("64:ff9b::8.8.8.8"))).isTrue();
        assertThat(AddressFilter.builder()
                        .privateGuard(true)
                        .allow("10.0.0.0/8")
                        .build()
                        .permits(ip("10.0.0.1")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1/8",
                "10.0.0.0/33",
                "::/129",
                "host.example",
                "10.0.0",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "",
                "1.2.3.256",
                "::ffff:0.0.0.0/95",
                "g::1"
            })
    void whatIsNoBlockIsRefusedByName(String text) {
        assertThatThrownBy(() -> AddressFilter.builder().deny(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }
}
