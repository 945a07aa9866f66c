package io.github.hc5.utls.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailedTriesTest {

    private static final InetSocketAddress A = InetSocketAddress.createUnresolved("a", 1);
    private static final InetSocketAddress B = InetSocketAddress.createUnresolved("b", 1);

    private long now;
    private final FailedTries tries = new FailedTries(() -> now);

    @Test
    void remembersEachAddressOnceByTheLeasesId() {
        assertThat(tries.of("x", now)).isEmpty();
        tries.add("x", A);
        tries.add("x", B);
        tries.add("x", A);
        tries.add(null, A);

        assertThat(tries.of("x", now)).containsExactly(A, B);
        assertThat(tries.of("y", now)).isEmpty();
        assertThat(tries.of(null, now)).isEmpty();
    }

    @Test
    void forgetsAfterTwoMinutesAndIsBounded() {
        tries.add("x", A);
        now += Duration.ofMinutes(2).toNanos() - 1;
        assertThat(tries.of("x", now)).containsExactly(A);
        now += 1;
        assertThat(tries.of("x", now)).isEmpty();
        for (int i = 0; i < 20_000; i++) {
            tries.add("id" + i, A);
        }
        assertThat(tries.size()).isLessThanOrEqualTo(10_000);
    }
}
