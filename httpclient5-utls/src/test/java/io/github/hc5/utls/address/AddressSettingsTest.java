package io.github.hc5.utls.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressSettingsTest {

    @Test
    void theDefaultsAreThoseOfTheDocumentation() {
        AddressSettings settings = AddressSettings.defaults();

        assertThat(settings.rotation()).isEqualTo(RotationPolicy.ROUND_ROBIN);
        assertThat(settings.dnsInterval()).isEqualTo(Duration.ofMinutes(30));
        assertThat(settings.happyEyeballsDelay()).isEqualTo(Duration.ofMillis(250));
        assertThat(settings.maxRetries()).isEqualTo(3);
        assertThat(BanSettings.defaults().rules()).containsExactly(BanRule.of("*", 403));
        assertThat(settings.toBuilder().build()).isEqualTo(settings);
        assertThat(BanSettings.defaults().toBuilder().build()).isEqualTo(BanSettings.defaults());
    }

    @Test
    void aWrongValueIsNamedWithWhatIsAllowed() throws Exception {
        InetAddress address = InetAddress.getByName("192.0.2.1");
        assertThatThrownBy(() -> AddressSettings.builder().maxRetries(-1).build())
                .hasMessage("maxRetries is -1, must be 0 or more");
        assertThatThrownBy(() -> AddressSettings.builder()
                        .happyEyeballsDelay(Duration.ofMillis(9))
                        .build())
                .hasMessage("happyEyeballsDelay is PT0.009S, must be from 10 ms to 2 s");
        assertThatThrownBy(() ->
                        AddressSettings.builder().weights(Map.of(address, 0)).build())
                .hasMessage("the weight of 192.0.2.1 is 0, must be from 1 to 1000");
        assertThatThrownBy(() -> AddressSettings.builder()
                        .fixedAddresses(Map.of("a.example", List.of()))
                        .build())
                .hasMessage("the fixed addresses of a.example are none, must be one or more");
        assertThatThrownBy(() -> BanSettings.builder().growth(0.9).build())
                .hasMessage("growth is 0.9, must be from 1 to 10");
        assertThatThrownBy(() -> BanSettings.builder()
                        .maxBanTime(Duration.ofSeconds(299))
                        .build())
                .hasMessage("maxBanTime is PT4M59S, must be at least banTime (PT5M)");
    }

    @Test
    void hostsOfFixedAddressesAreLowerCase() throws Exception {
        InetAddress address = InetAddress.getByName("192.0.2.1");
        assertThat(AddressSettings.builder()
                        .fixedAddresses(Map.of("A.Example", List.of(address)))
                        .build()
                        .fixedAddresses())
                .containsOnlyKeys("a.example");
    }

    @Test
    void aBanRuleCoversTheHostsOfItsPattern() {
        assertThat(BanRule.of("*", 403).covers("any.example")).isTrue();
        assertThat(BanRule.of("*.Example.com", 403).covers("a.b.EXAMPLE.com")).isTrue();
        assertThat(BanRule.of("*.example.com", 403).covers("example.com")).isFalse();
        assertThat(BanRule.of("*.example.com", 403).covers("badexample.com")).isFalse();
        assertThat(BanRule.of("example.com", 403).covers("Example.com")).isTrue();
        assertThat(BanRule.of("example.com", 403).covers("a.example.com")).isFalse();
    }

    @Test
    void aBanRuleThatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> BanRule.of("a*.example.com", 403)).hasMessageContaining("'a*.example.com'");
        assertThatThrownBy(() -> BanRule.of("*.", 403)).hasMessageContaining("'*.'");
        assertThatThrownBy(() -> new BanRule("*", Set.of(99), null))
                .hasMessage("status is 99, must be from 100 to 599");
    }
}
