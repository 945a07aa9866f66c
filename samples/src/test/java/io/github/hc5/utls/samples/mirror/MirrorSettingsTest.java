package io.github.hc5.utls.samples.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MirrorSettingsTest {

    private final MirrorSettings defaults = MirrorSettings.defaults();

    @Test
    void theDefaultsListenOnLoopbackAlone() {
        assertThat(defaults.bindAddress().isLoopbackAddress()).isTrue();
        assertThat(defaults.port()).isZero();
    }

    @Test
    void namesTheValueThatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.withPort(70_000))
                .withMessageContaining("port value was set to 70000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.withPort(-1))
                .withMessageContaining("0 to 65535");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.withAlpn("h3"))
                .withMessageContaining("h3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.withTlsVersions("TLSv1.1"))
                .withMessageContaining("TLSv1.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.withTlsVersions())
                .withMessageContaining("at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.withHistorySize(0))
                .withMessageContaining("historySize");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.withForcedGroup(" "))
                .withMessageContaining("forcedGroup");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.withNames("a b"))
                .withMessageContaining("a b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.withNames("a..b"))
                .withMessageContaining("a..b");
    }

    @Test
    void theJdkCannotForceAGroup() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.withProvider(TlsProvider.JDK).withForcedGroup("P-384"))
                .withMessageContaining("P-384")
                .withMessageContaining("JDK");
    }

    @Test
    void acceptsNamesWildcardsAndAddresses() {
        assertThat(defaults.withNames("a.test", "*.b.test", "127.0.0.2", "fe80::1")
                        .names())
                .containsExactly("a.test", "*.b.test", "127.0.0.2", "fe80::1");
    }
}
