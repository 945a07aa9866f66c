package io.github.hc5.utls.resilience;

import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.util.Timeout;

/**
 * Gives each try the timeouts that are its due: the caller's own, the settings' where the caller set none, the host's where
 * they follow its response times; none of them beyond the deadline of the operation. What the pool is told to wait for a
 * connection is therefore the time that is left, by which it can put the most urgent first.
 */
final class AttemptLimits {

    private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The last config made for a first try, which nearly all are. */
    private record Known(RequestConfig source, TimeoutSettings settings, long limitNanos, RequestConfig made) {}

    private volatile TimeoutSettings settings;
    private volatile Known known;

    AttemptLimits(TimeoutSettings settings) {
        this.settings = settings;
        this.known = new Known(RequestConfig.DEFAULT, settings, -1, RequestConfig.DEFAULT);
    }

    TimeoutSettings settings() {
        return settings;
    }

    void setSettings(TimeoutSettings value) {
        settings = value;
    }

    boolean isAdaptive() {
        return settings.adaptive();
    }

    @SuppressWarnings("ReferenceEquality") // the same object is the case that counts; an equal one is only made anew
    void apply(Operation operation, HttpClientContext context, HostGuard host, long now) {
        TimeoutSettings s = settings;
        RequestConfig source = operation.callersConfig();
        long left = Math.max(TimeUnit.MILLISECONDS.toNanos(1), operation.deadlineNanos() - now);
        if (!s.adaptive() && operation.attempts() == 1) {
            Known k = known;
            // a first try has the whole time before it, but for what limits made it wait
            if (k.source == source
                    && k.settings == s
                    && left <= k.limitNanos
                    && k.limitNanos - left < STEP_NANOS / 100) {
                context.setRequestConfig(k.made);
                return;
            }
            RequestConfig made = make(s, source, left, s.response().toNanos());
            known = new Known(source, s, left, made);
            context.setRequestConfig(made);
        } else {
            long response =
                    s.adaptive() ? host.responseTimeoutNanos(s) : s.response().toNanos();
            context.setRequestConfig(make(s, source, left, response));
        }
    }

    private static RequestConfig make(TimeoutSettings s, RequestConfig source, long left, long response) {
        Timeout own = source.getResponseTimeout();
        boolean hasOwn = own != null && own.getDuration() > 0;
        long wait = hasOwn && !s.adaptive() ? own.toNanoseconds() : response;
        Timeout lease = source.getConnectionRequestTimeout();
        long most = lease != null && lease.getDuration() > 0 ? lease.toNanoseconds() : Long.MAX_VALUE;
        return RequestConfig.copy(source)
                .setResponseTimeout(millis(Math.min(wait, left)))
                .setConnectionRequestTimeout(millis(Math.min(most, left)))
                .build();
    }

    private static Timeout millis(long nanos) {
        return Timeout.ofMilliseconds(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    }
}
