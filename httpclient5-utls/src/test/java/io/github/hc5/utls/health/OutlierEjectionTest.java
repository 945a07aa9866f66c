package io.github.hc5.utls.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutlierEjectionTest {

    private static final long NEVER = Long.MAX_VALUE;
    private static final long SECOND = 1_000_000_000L;

    private final OutlierEjection ejection = new OutlierEjection(HealthSettings.defaults());
    private final List<AddressHealth> addresses = new ArrayList<>();
    private long now = 7 * SECOND;

    private void host(int count) {
        for (int i = 0; i < count; i++) {
            AddressHealth address = new AddressHealth();
            addresses.add(address);
            ejection.add(address);
        }
    }

    private AddressHealth a(int index) {
        return addresses.get(index);
    }

    private boolean fails(int index, boolean dial) {
        return ejection.record(a(index), dial ? Outcome.REFUSED : Outcome.RESET, dial, 0, now);
    }

    private void succeeds(int index) {
        ejection.record(a(index), Outcome.OK, false, 1000, now);
    }

    private long outSeconds() {
        return (ejection.nextDue(NEVER) - now) / SECOND;
    }

    @Test
    void oneFailedDialEjects() {
        host(8);
        assertThat(fails(0, true)).isTrue();
        assertThat(a(0).state()).isEqualTo(AddressHealth.State.OUT);
        assertThat(outSeconds()).isEqualTo(30);
    }

    @Test
    void theFifthFailedExchangeInARowEjects() {
        host(8);
        for (int i = 0; i < 4; i++) {
            assertThat(fails(0, false)).isFalse();
        }
        succeeds(0);
        for (int i = 0; i < 4; i++) {
            assertThat(fails(0, false)).isFalse();
        }
        assertThat(a(0).isWell()).isTrue();
        assertThat(fails(0, false)).isTrue();
        assertThat(a(0).isOut()).isTrue();
    }

    @Test
    void whatSaysNothingOfTheAddressChangesNothing() {
        host(8);
        for (int i = 0; i < 10; i++) {
            ejection.record(a(0), Outcome.CANCELLED, false, 0, now);
            ejection.record(a(0), Outcome.NOT_EXECUTED, false, 0, now);
        }
        assertThat(a(0).isWell()).isTrue();
    }

    @Test
    void eachEjectionDoublesUpToTheLimitAndAProbeEndsIt() {
        host(8);
        fails(0, true);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            times.add(outSeconds());
            now = ejection.nextDue(NEVER);
            assertThat(ejection.takeDue(now - 1)).isEmpty();
            assertThat(ejection.takeDue(now)).containsExactly(a(0));
            assertThat(ejection.takeDue(now)).as("once").isEmpty();
            assertThat(a(0).isOut()).isTrue();
            ejection.stayOut(a(0), now);
        }
        assertThat(times).containsExactly(30L, 60L, 120L, 240L, 300L, 300L);
        now = ejection.nextDue(NEVER);
        ejection.takeDue(now);
        ejection.bringBack(a(0));
        assertThat(a(0).isWell()).isTrue();
        fails(0, true);
        assertThat(outSeconds()).as("cleared by the success").isEqualTo(30);
    }

    @Test
    void atMostHalfAreOutAtOnce() {
        host(8);
        for (int i = 0; i < 5; i++) {
            fails(i, true);
        }
        assertThat(addresses.stream().filter(AddressHealth::isOut)).hasSize(4);
        assertThat(a(4).state()).isEqualTo(AddressHealth.State.UNWELL);
        assertThat(ejection.isPanic()).isFalse();
    }

    @Test
    void oneAlwaysStays() {
        OutlierEjection all = new OutlierEjection(
                HealthSettings.builder().maxOutShare(1).panicShare(0).build());
        host(2);
        addresses.forEach(all::add);
        all.record(a(0), Outcome.REFUSED, true, 0, now);
        all.record(a(1), Outcome.REFUSED, true, 0, now);
        assertThat(a(0).isOut()).isTrue();
        assertThat(a(1).isOut()).isFalse();
    }

    @Test
    void theOnlyAddressIsNeverOut() {
        host(1);
        fails(0, true);
        assertThat(a(0).state()).isEqualTo(AddressHealth.State.UNWELL);
        succeeds(0);
        assertThat(a(0).isWell()).isTrue();
    }

    @Test
    void panicBeginsBelowAQuarterOfWellOnes() {
        host(8);
        for (int i = 0; i < 6; i++) {
            fails(i, true);
        }
        assertThat(ejection.isPanic()).as("2 of 8 are well").isFalse();
        fails(6, true);
        assertThat(ejection.isPanic()).as("1 of 8 is well").isTrue();
        succeeds(0);
        assertThat(a(0).isWell()).as("in panic a success brings back").isTrue();
        assertThat(ejection.isPanic()).isFalse();
    }

    @Test
    void aSuccessThatHadBegunBeforeDoesNotEndABan() {
        host(8);
        ejection.ban(a(0), Duration.ofMinutes(5), now);
        succeeds(0);
        assertThat(a(0).isOut()).isTrue();
        assertThat(outSeconds()).isEqualTo(300);
        assertThat(ejection.isBanned(a(0))).isTrue();
    }

    @Test
    void aHostIsBlockedWhenEveryLastAnswerWasBanned() {
        host(4);
        for (int i = 0; i < 3; i++) {
            ejection.ban(a(i), Duration.ofMinutes(5), now);
        }
        assertThat(ejection.isBlocked()).isFalse();
        ejection.ban(a(3), Duration.ofMinutes(5), now);
        assertThat(ejection.isBlocked()).isTrue();
        assertThat(addresses.stream().filter(AddressHealth::isOut)).hasSize(2);
        assertThat(ejection.isPanic()).isTrue();
        succeeds(2);
        assertThat(ejection.isBlocked()).isFalse();
    }

    @Test
    void anAddressThatLeavesIsNotCounted() {
        host(4);
        fails(0, true);
        fails(1, true);
        ejection.remove(a(0));
        fails(2, true);
        assertThat(a(2).state()).as("1 of 3 may be out").isEqualTo(AddressHealth.State.UNWELL);
    }

    @Test
    void whatIsOnlyMarkedMayBeTriedWhenItsTimeIsUp() {
        host(2);
        fails(0, true);
        fails(1, true);
        assertThat(a(1).state()).isEqualTo(AddressHealth.State.UNWELL);
        assertThat(ejection.renew(now + 30 * SECOND - 1)).isFalse();
        assertThat(ejection.renew(now + 30 * SECOND)).isTrue();
        assertThat(a(1).isWell()).isTrue();
        assertThat(a(0).isOut()).as("this one needs its probe").isTrue();
    }

    @Test
    void aProbeThatCannotBeMadeIsPutOff() {
        host(8);
        fails(0, true);
        now = ejection.nextDue(NEVER);
        ejection.takeDue(now);
        ejection.postpone(a(0), Duration.ofSeconds(1), now);
        assertThat(ejection.takeDue(now + SECOND - 1)).isEmpty();
        assertThat(ejection.takeDue(now + SECOND)).containsExactly(a(0));
    }
}
