package io.github.hc5.utls.health;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How a whole pool fares: unhealthy where too few exchanges succeed, in overload where too many of the allowed
 * connections are leased. Thread-safe; recording takes no lock.
 */
public final class PoolHealth {

    /**
     * A picture of the pool's health.
     *
     * @param leasedShare of the connections allowed
     * @param reason why it is in that state, in words
     */
    public record Report(
            HealthState state,
            double leasedShare,
            int requests,
            double successShare,
            Duration meanLatency,
            String reason) {}

    private final HealthSettings settings;
    private final OutcomeWindow window;
    private final AtomicReference<HealthState> last = new AtomicReference<>(HealthState.HEALTHY);

    public PoolHealth(HealthSettings settings, long nowNanos) {
        this.settings = settings;
        this.window = new OutcomeWindow(settings.window(), nowNanos);
    }

    /** Takes in what an exchange came to. */
    public void record(Outcome outcome, long elapsedNanos, long nowNanos) {
        window.record(outcome, elapsedNanos, nowNanos);
    }

    /**
     * Returns a picture of the health now.
     *
     * @param leased connections with an exchange in flight or being opened
     * @param max connections allowed
     */
    public Report report(int leased, int max, long nowNanos) {
        OutcomeWindow.Summary summary = window.summary(nowNanos);
        double share = max == 0 ? 0 : (double) leased / max;
        double success = summary.successShare();
        HealthState state = HealthState.HEALTHY;
        String reason = "nothing to complain of";
        if (summary.requests() >= settings.minRequests() && success < settings.successShare()) {
            state = HealthState.UNHEALTHY;
            reason = String.format(
                    Locale.ROOT,
                    "%d of %d exchanges succeeded in %d s, %.0f %% are wanted",
                    summary.requests() - summary.failures(),
                    summary.requests(),
                    settings.window().toSeconds(),
                    100 * settings.successShare());
        } else if (share > settings.overloadShare()) {
            state = HealthState.OVERLOAD;
            reason = String.format(
                    Locale.ROOT,
                    "%d of %d connections are leased, more than %.0f %%",
                    leased,
                    max,
                    100 * settings.overloadShare());
        }
        return new Report(state, share, summary.requests(), success, summary.meanLatency(), reason);
    }

    /** Returns a picture of the health if its state has changed since this was last asked, else {@code null}. */
    public @Nullable Report change(int leased, int max, long nowNanos) {
        Report report = report(leased, max, nowNanos);
        return last.getAndSet(report.state()) == report.state() ? null : report;
    }
}
