package io.github.hc5.utls.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class OutcomeWindowTest {

    private static final long START = -5_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    private final OutcomeWindow window = new OutcomeWindow(Duration.ofSeconds(10), START);

    private static long at(double seconds) {
        return START + (long) (seconds * SECOND);
    }

    @Test
    void countsWhatSaysSomething() {
        window.record(Outcome.OK, 2_000_000, at(0));
        window.record(Outcome.OK, 4_000_000, at(3));
        window.record(Outcome.RESET, 9_000_000, at(3));
        window.record(Outcome.CANCELLED, 9_000_000, at(3));

        assertThat(window.summary(at(3))).isEqualTo(new OutcomeWindow.Summary(3, 1, Duration.ofMillis(3)));
        assertThat(window.summary(at(3)).successShare()).isEqualTo(2.0 / 3);
    }

    @Test
    void forgetsASliceWhenItsTimeIsUp() {
        window.record(Outcome.OK, 1000, at(0.999));

        assertThat(window.summary(at(9.999)).requests()).isEqualTo(1);
        assertThat(window.summary(at(10)).requests()).isZero();
        assertThat(window.summary(at(10)).successShare()).isEqualTo(1);
    }

    @Test
    void aSliceIsUsedAnewForALaterTime() {
        for (int second = 0; second < 25; second++) {
            window.record(Outcome.TIMED_OUT, 0, at(second));
        }

        assertThat(window.summary(at(24)).requests()).isEqualTo(10);
        window.record(Outcome.OK, 1, at(14));
        assertThat(window.summary(at(24)).requests()).as("too late to count").isEqualTo(10);
    }

    @Test
    void losesNoCountOfConcurrentWriters() throws Exception {
        CountDownLatch done = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            new Thread(() -> {
                        for (int n = 0; n < 10_000; n++) {
                            window.record(n % 4 == 0 ? Outcome.RESET : Outcome.OK, 1000, at(n % 10));
                        }
                        done.countDown();
                    })
                    .start();
        }
        done.await();

        assertThat(window.summary(at(9))).isEqualTo(new OutcomeWindow.Summary(40_000, 10_000, Duration.ofNanos(1000)));
    }
}
