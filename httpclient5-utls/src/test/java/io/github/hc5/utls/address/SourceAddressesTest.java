package io.github.hc5.utls.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceAddressesTest {

    @ParameterizedTest
    @CsvSource({"2001:db8:1::/64, 200", "2001:db8:8000::/33, 100", "2001:db8::fff0/124, 15", "2001:db8::/127, 1"})
    void addressesAreDrawnFromWithinThePrefix(String prefix, int count) {
        List<InetAddress> drawn =
                SourceAddresses.ofPrefix(prefix, count, new Random(1)).addresses();

        CidrBlock block = CidrBlock.parse(prefix);
        assertThat(drawn).hasSize(count).doesNotHaveDuplicates().allMatch(block::contains);
        assertThat(drawn).noneMatch(a -> java.util.Arrays.equals(a.getAddress(), block.network()));
    }

    @Test
    void aPrefixThatCannotServeIsRefused() {
        assertThatThrownBy(() -> SourceAddresses.ofPrefix("10.0.0.0/8", 1, new Random()))
                .hasMessage("'10.0.0.0/8' is a block of IPv4, must be one of IPv6");
        assertThatThrownBy(() -> SourceAddresses.ofPrefix("2001:db8::/124", 16, new Random()))
                .hasMessage("the number of addresses of 2001:db8::/124 is 16, must be from 1 to 15");
        assertThatThrownBy(() -> SourceAddresses.ofPrefix("2001:db8::1", 1, new Random()))
                .hasMessageContaining("must be from 1 to 0");
    }

    @Test
    void anInterfaceGivesItsAddresses() throws Exception {
        NetworkInterface loopback = NetworkInterface.networkInterfaces()
                .filter(i -> {
                    try {
                        return i.isLoopback();
                    } catch (java.net.SocketException e) {
                        return false;
                    }
                })
                .findFirst()
                .orElseThrow();

        assertThat(SourceAddresses.ofInterface(loopback.getName()).addresses())
                .contains(InetAddress.getLoopbackAddress());
        assertThatThrownBy(() -> SourceAddresses.ofInterface("none"))
                .hasMessageStartingWith("there is no interface 'none', there are [");
    }

    @Test
    void noneIsRefusedAndEachCountsOnce() {
        assertThatThrownBy(() -> SourceAddresses.of(List.of()))
                .hasMessage("the source addresses are none, must be one or more");
        InetAddress loopback = InetAddress.getLoopbackAddress();
        assertThat(SourceAddresses.of(List.of(loopback, loopback)).addresses()).containsExactly(loopback);
    }
}
