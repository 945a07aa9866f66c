package io.github.hc5.utls.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HealthSettingsTest {

    @Test
    void aBuilderOfTheDefaultsGivesTheDefaults() {
        assertThat(HealthSettings.defaults().toBuilder().build()).isEqualTo(HealthSettings.defaults());
        assertThat(HealthSettings.defaults().maxOutShare()).isEqualTo(0.5);
        assertThat(HealthSettings.defaults().overloadShare()).isEqualTo(0.9);
        assertThat(HealthSettings.defaults().successShare()).isEqualTo(0.8);
    }

    @Test
    void aWrongValueIsNamedWithWhatIsAllowed() {
        assertThatThrownBy(() -> HealthSettings.builder().maxOutShare(1.01).build())
                .hasMessage("maxOutShare is 1.01, must be from 0 to 1");
        assertThatThrownBy(
                        () -> HealthSettings.builder().successShare(Double.NaN).build())
                .hasMessage("successShare is NaN, must be from 0 to 1");
        assertThatThrownBy(() -> HealthSettings.builder().overloadShare(0).build())
                .hasMessage("overloadShare is 0, must be above 0 and at most 1");
        assertThatThrownBy(() ->
                        HealthSettings.builder().window(Duration.ofMillis(999)).build())
                .hasMessage("window is PT0.999S, must be from 1 s to 1 h");
        assertThatThrownBy(() -> HealthSettings.builder().dialFailures(0).build())
                .hasMessage("dialFailures is 0, must be 1 or more");
        assertThatThrownBy(() -> HealthSettings.builder()
                        .ejectionTime(Duration.ofMinutes(6))
                        .build())
                .hasMessage("maxEjectionTime is PT5M, must be at least ejectionTime (PT6M)");
    }

    @Test
    void anOutcomeSaysSomethingOfTheAddressOrNot() {
        assertThat(Outcome.OK.isFailure()).isFalse();
        assertThat(Outcome.OK.isTelling()).isTrue();
        assertThat(Outcome.CANCELLED.isTelling()).isFalse();
        assertThat(Outcome.NOT_EXECUTED.isTelling()).isFalse();
        assertThat(Outcome.RESET.isFailure()).isTrue();
        assertThat(Outcome.BANNED_STATUS.isFailure()).isTrue();
    }
}
