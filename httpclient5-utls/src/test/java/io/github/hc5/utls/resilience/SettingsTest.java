package io.github.hc5.utls.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {

    private static Arguments bad(String message, ThrowingCallable build) {
        return Arguments.of(message, build);
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                bad(
                        "connectTries is 0, must be 1 or more",
                        () -> RetrySettings.builder().connectTries(0).build()),
                bad(
                        "busyStatuses has 200, must be a status from 300 to 599",
                        () -> RetrySettings.builder().busyStatuses(Set.of(200)).build()),
                bad(
                        "budgetShare is 1.5, must be from 0.0 to 1.0",
                        () -> RetrySettings.builder().budgetShare(1.5).build()),
                bad(
                        "maxBackoff is PT0.05S, must be at least firstBackoff (PT0.1S)",
                        () -> RetrySettings.builder()
                                .maxBackoff(Duration.ofMillis(50))
                                .build()),
                bad(
                        "operation is PT0S, must be positive",
                        () -> TimeoutSettings.builder().operation(Duration.ZERO).build()),
                bad(
                        "perSecond is -1.0, must be from 0.0 to 1000000.0",
                        () -> RateSettings.builder().perSecond(-1).build()),
                bad(
                        "probes is 0, must be 1 or more",
                        () -> BreakerSettings.builder().probes(0).build()),
                bad(
                        "maxStay is PT1S, must be at least minStay (PT30S)",
                        () -> FailoverSettings.builder()
                                .maxStay(Duration.ofSeconds(1))
                                .build()),
                bad(
                        "lookAhead is 3, must be 64 or more",
                        () -> BatchSettings.builder().lookAhead(3).build()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void namesTheValueAndWhatIsAllowed(String message, ThrowingCallable build) {
        assertThatThrownBy(build).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void buildersStartFromWhatTheyAreMadeOf() {
        assertThat(RetrySettings.defaults().toBuilder().build()).isEqualTo(RetrySettings.defaults());
        assertThat(TimeoutSettings.defaults().toBuilder().build()).isEqualTo(TimeoutSettings.defaults());
        assertThat(RateSettings.defaults().toBuilder().build()).isEqualTo(RateSettings.defaults());
        assertThat(BreakerSettings.defaults().toBuilder().build()).isEqualTo(BreakerSettings.defaults());
        assertThat(FailoverSettings.defaults().toBuilder().build()).isEqualTo(FailoverSettings.defaults());
        assertThat(BatchSettings.defaults().toBuilder().build()).isEqualTo(BatchSettings.defaults());
    }
}
