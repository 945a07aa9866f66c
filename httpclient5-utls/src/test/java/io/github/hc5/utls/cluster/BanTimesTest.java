package io.github.hc5.utls.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class BanTimesTest {

    private static final String IP = "192.0.2.7";
    private static final String KEY = IP + "|example.com|";
    private static final String OTHER = "192.0.2.70|example.com|";

    private final BanTimes times = new BanTimes();

    @Test
    void ofABanAndALiftTheLaterOneCounts() {
        assertThat(times.lifted(IP, 100)).isTrue();
        assertThat(times.isInForce(KEY, 100)).isFalse();
        assertThat(times.isInForce(KEY, 101)).isTrue();
        assertThat(times.isInForce(OTHER, 1)).isTrue();
    }

    @Test
    void aLiftIsNewsOnce() {
        assertThat(times.lifted(IP, 100)).isTrue();
        assertThat(times.lifted(IP, 100)).isFalse();
        assertThat(times.lifted(IP, 99)).isFalse();
        assertThat(times.lifted(IP, 101)).isTrue();
    }

    @Test
    void aLiftDoesNotEndAYoungerBan() {
        times.banned(KEY, 200);
        assertThat(times.lifted(IP, 100)).isFalse();
        assertThat(times.isInForce(KEY, times.since(KEY))).isTrue();
    }

    @Test
    void aBanOfUnknownAgeIsOlderThanAnyLift() {
        assertThat(times.isInForce(KEY, times.since(KEY))).isTrue();
        times.lifted(IP, 1);
        assertThat(times.isInForce(KEY, times.since(KEY))).isFalse();
    }

    @Test
    void liftsAreForgottenAfterADayAndBansWithTheirLastHolder() {
        times.lifted(IP, 100);
        times.banned(KEY, 200);
        times.banned(OTHER, 300);
        times.forget(100 + BanTimes.MEMORY.toMillis(), Set.of(KEY));
        assertThat(times.lifts()).containsOnlyKeys(IP);
        assertThat(times.since(KEY)).isEqualTo(200);
        assertThat(times.since(OTHER)).isZero();

        times.forget(101 + BanTimes.MEMORY.toMillis(), Set.of());
        assertThat(times.lifts()).isEmpty();
    }

    @Test
    void whatIsDoneHereIsLaterThanWhatIsKnownHereThoughTheClockIsBehind() {
        times.banned(KEY, 200);
        long lifted = times.lift(IP, 190);
        assertThat(times.isInForce(KEY, 200)).isFalse();

        long banned = times.ban(KEY, 180);
        assertThat(banned).isGreaterThan(lifted);
        assertThat(times.isInForce(KEY, banned)).isTrue();

        times.lift(IP, 170);
        assertThat(times.isInForce(KEY, banned)).isFalse();
    }
}
