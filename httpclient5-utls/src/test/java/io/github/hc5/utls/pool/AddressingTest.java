package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.address.AddressFilter;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** Filter and guard: each may forbid, neither may allow what the other forbids. */
class AddressingTest {

    private final Addressing addressing = Addressing.defaults(() -> 0);

    private static InetAddress address(String text) throws Exception {
        return InetAddress.getByName(text);
    }

    @Test
    void whatTheGuardForbidsNoFilterAllows() throws Exception {
        addressing.setGuard(AddressFilter.builder().privateGuard(true).build());
        for (AddressFilter filter : new AddressFilter[] {
            AddressFilter.NONE,
            AddressFilter.builder().allow("10.0.0.0/8").allow("192.0.2.0/24").build()
        }) {
            addressing.setFilter(filter);
            assertThat(addressing.mayDial(address("10.1.2.3"), false)).isFalse();
        }
        addressing.setFilter(AddressFilter.NONE);
        assertThat(addressing.mayDial(address("1.1.1.1"), false)).isTrue();
    }

    @Test
    void whatTheFilterForbidsNoGuardAllows() throws Exception {
        addressing.setGuard(AddressFilter.builder().allow("1.0.0.0/8").build());
        addressing.setFilter(AddressFilter.builder().deny("1.1.1.1").build());
        assertThat(addressing.mayDial(address("1.1.1.1"), false)).isFalse();
        assertThat(addressing.mayDial(address("1.1.1.2"), false)).isTrue();
        assertThat(addressing.mayDial(address("2.2.2.2"), false)).isFalse();
    }

    @Test
    void aProxyNeedNotBeAmongTheAllowedAndIsNotOneOfTheDenied() throws Exception {
        addressing.setGuard(AddressFilter.builder()
                .allow("1.0.0.0/8")
                .deny("10.0.0.9")
                .privateGuard(true)
                .build());
        assertThat(addressing.mayDial(address("10.0.0.8"), true)).isTrue();
        assertThat(addressing.mayDial(address("10.0.0.9"), true)).isFalse();
    }
}
