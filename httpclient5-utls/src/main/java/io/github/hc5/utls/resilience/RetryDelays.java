package io.github.hc5.utls.resilience;

import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before a try: what the server asks for (RFC 9110, section 10.2.3), else exponential backoff with full
 * jitter, a time drawn evenly from zero to {@code min(most, first * 2^(n-1))} before the n-th retry. Full jitter spreads
 * the clients that one fault has brought into step better than any narrower draw (Brooker, "Exponential Backoff And
 * Jitter").
 */
final class RetryDelays {

    static final long NOT_SAID = -1;

    private static final int MOST_DOUBLINGS = 40;

    private final DoubleSupplier random;

    RetryDelays() {
        this(() -> ThreadLocalRandom.current().nextDouble());
    }

    /** For tests: draws numbers from 0 to 1. */
    RetryDelays(DoubleSupplier random) {
        this.random = random;
    }

    long backoff(RetrySettings settings, int retry) {
        long most = settings.firstBackoff().toNanos();
        long end = settings.maxBackoff().toNanos();
        for (int i = 1; i < Math.min(MOST_DOUBLINGS, retry) && most < end; i++) {
            most *= 2;
        }
        return (long) (random.getAsDouble() * Math.min(most, end));
    }

    /** Returns what Retry-After asks for, in nanoseconds; {@link #NOT_SAID} if it is missing or says nothing. */
    static long retryAfter(HttpResponse response, Instant now) {
        Header header = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
        String value = header == null ? null : header.getValue();
        return value == null ? NOT_SAID : parse(value.trim(), now);
    }

    private static long parse(String value, Instant now) {
        if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            // so many digits mean "never" as well as any number
            return value.length() > 9 ? Long.MAX_VALUE / 4 : TimeUnit.SECONDS.toNanos(Long.parseLong(value));
        }
        @Nullable Instant date = DateUtils.parseStandardDate(value);
        if (date == null) {
            return NOT_SAID;
        }
        long millis = date.toEpochMilli() - now.toEpochMilli();
        return TimeUnit.MILLISECONDS.toNanos(Math.max(0, millis));
    }
}
