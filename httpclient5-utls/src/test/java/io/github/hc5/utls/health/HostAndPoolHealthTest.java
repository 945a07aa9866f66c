package io.github.hc5.utls.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class HostAndPoolHealthTest {

    private static final long NEVER = Long.MAX_VALUE;
    private static final long SECOND = 1_000_000_000L;

    private final HealthSettings settings = HealthSettings.defaults();
    private final HostHealth host = new HostHealth(settings, 0);
    private final PoolHealth pool = new PoolHealth(settings, 0);

    private boolean fail(long now) {
        return host.record(Outcome.TIMED_OUT, 0, now);
    }

    @Test
    void aHostFailsWithItsTenthFailureInARow() {
        for (int i = 0; i < 9; i++) {
            assertThat(fail(0)).isFalse();
        }
        assertThat(host.state()).isEqualTo(HostHealth.State.WELL);
        assertThat(fail(0)).isTrue();
        assertThat(host.state()).isEqualTo(HostHealth.State.FAILED);
        assertThat(host.report(0).reason()).isEqualTo("10 failures in a row");
        assertThat(fail(0)).as("told once").isFalse();
    }

    @Test
    void anErrorPageShowsThatTheHostIsThere() {
        for (int i = 0; i < 9; i++) {
            fail(0);
        }
        host.record(Outcome.SERVER_ERROR, 0, 0);
        assertThat(fail(0)).isFalse();
        assertThat(host.report(0).requests()).isEqualTo(11);
        assertThat(host.report(0).successShare()).isZero();
    }

    @Test
    void recoveryIsDueAfterItsTimeAndOnceEachTime() {
        for (int i = 0; i < 10; i++) {
            fail(5);
        }
        long due = 5 + 30 * SECOND;
        assertThat(host.recoveryDue(NEVER)).isEqualTo(due);
        assertThat(host.takeRecovery(due - 1)).isFalse();
        assertThat(host.takeRecovery(due)).isTrue();
        assertThat(host.takeRecovery(due)).isFalse();
        assertThat(host.state()).isEqualTo(HostHealth.State.RECOVERING);

        host.recoveryFailed(due);
        assertThat(host.takeRecovery(due + 30 * SECOND)).isTrue();
        host.recovered();
        assertThat(host.state()).isEqualTo(HostHealth.State.WELL);
        assertThat(host.recoveryDue(NEVER)).isEqualTo(NEVER);
    }

    @Test
    void aSuccessEndsAFailure() {
        for (int i = 0; i < 10; i++) {
            fail(0);
        }
        assertThat(host.record(Outcome.OK, 1000, 1)).isTrue();
        assertThat(host.state()).isEqualTo(HostHealth.State.WELL);
    }

    @Test
    void thePoolIsInOverloadAboveNineTenths() {
        assertThat(pool.report(90, 100, 0).state()).isEqualTo(HealthState.HEALTHY);
        PoolHealth.Report report = pool.report(91, 100, 0);
        assertThat(report.state()).isEqualTo(HealthState.OVERLOAD);
        assertThat(report.reason()).isEqualTo("91 of 100 connections are leased, more than 90 %");
    }

    @Test
    void thePoolIsUnhealthyBelowFourFifthsOfEnoughExchanges() {
        for (int i = 0; i < 19; i++) {
            pool.record(Outcome.RESET, 0, 0);
        }
        assertThat(pool.report(0, 100, 0).state()).as("too few to say").isEqualTo(HealthState.HEALTHY);
        for (int i = 0; i < 76; i++) {
            pool.record(Outcome.OK, 1000, 0);
        }
        assertThat(pool.report(0, 100, 0).state()).as("76 of 95").isEqualTo(HealthState.HEALTHY);
        pool.record(Outcome.RESET, 0, 0);
        PoolHealth.Report report = pool.report(95, 100, 0);
        assertThat(report.state()).as("76 of 96").isEqualTo(HealthState.UNHEALTHY);
        assertThat(report.reason()).isEqualTo("76 of 96 exchanges succeeded in 60 s, 80 % are wanted");
        assertThat(report.meanLatency()).isEqualTo(Duration.ofNanos(1000));
        assertThat(pool.report(0, 100, 60 * SECOND).state())
                .as("the window has passed")
                .isEqualTo(HealthState.HEALTHY);
    }

    @Test
    void aChangeIsToldOnce() {
        assertThat(pool.change(0, 100, 0)).isNull();
        assertThat(Objects.requireNonNull(pool.change(95, 100, 0)).state()).isEqualTo(HealthState.OVERLOAD);
        assertThat(pool.change(96, 100, 0)).isNull();
        assertThat(Objects.requireNonNull(pool.change(9, 100, 0)).state()).isEqualTo(HealthState.HEALTHY);
    }
}
