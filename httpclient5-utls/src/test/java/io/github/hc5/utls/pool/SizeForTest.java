package io.github.hc5.utls.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The start value of automatic sizing. */
class SizeForTest {

    @ParameterizedTest
    @CsvSource({
        "0, 1000, 10",
        "5, 1000, 10",
        "6, 1000, 12",
        "70, 100, 14",
        "71, 100, 15",
        "100, 500, 100",
        "500, 1000, 1000",
        "501, 1000, 1000",
        "2147483647, 86400000, 1000"
    })
    void isConcurrencyTimesSecondsTimesTwoWithinBounds(int concurrency, long millis, int size) {
        assertThat(PoolSettings.sizeFor(concurrency, Duration.ofMillis(millis))).isEqualTo(size);
    }

    @Test
    void whatIsNegativeIsRefused() {
        assertThatThrownBy(() -> PoolSettings.sizeFor(-1, Duration.ofSeconds(1)))
                .hasMessage("concurrency is -1, must be 0 or more");
        assertThatThrownBy(() -> PoolSettings.sizeFor(1, Duration.ofSeconds(-1)))
                .hasMessage("meanResponseTime is PT-1S, must be zero or positive");
    }

    @Test
    void sizingSettingsNameWhatIsWrong() {
        assertThatThrownBy(() -> SizingSettings.builder().base(20).ceiling(10).build())
                .hasMessage("ceiling is 10, must be at least base (20)");
        assertThatThrownBy(() -> SizingSettings.builder()
                        .interval(Duration.ofMillis(999))
                        .build())
                .hasMessage("interval is PT0.999S, must be 1 s or more");
        assertThat(SizingSettings.defaults().enabled()).isFalse();
    }
}
