package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.Outcome;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts what happens to the connections of a route that share an address and a profile. Every event is counted in one
 * tally only, so whatever is asked (of a host, an address, a profile, the pool) is a sum of tallies. Counting an exchange
 * is three atomic additions, and allocates nothing. Thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // arrays of atomics, within one run
final class Tally {

    /** What is counted besides outcomes and reasons. */
    enum Count {
        RESPONSE_NANOS,
        OPENED,
        OPEN_FAILED,
        USED,
        CONNECT_NANOS,
        HANDSHAKES,
        RESUMPTIONS,
        HANDSHAKE_NANOS,
        BYTES_SENT,
        BYTES_RECEIVED,
        BANS,
        EJECTIONS,
        LEASES_QUEUED,
        LEASES_GRANTED,
        LEASES_FAILED,
        LEASE_NANOS
    }

    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final CloseReason[] REASONS = CloseReason.values();

    private final AtomicLongArray outcomes = new AtomicLongArray(OUTCOMES.length);
    private final AtomicLongArray reasons = new AtomicLongArray(REASONS.length);
    private final AtomicLongArray counts = new AtomicLongArray(Count.values().length);
    private final LatencyHistogram responseTimes = new LatencyHistogram();

    void exchange(Outcome outcome, int status, long elapsedNanos) {
        outcomes.getAndIncrement(outcome.ordinal());
        if (status > 0) {
            add(Count.RESPONSE_NANOS, Math.max(0, elapsedNanos));
            responseTimes.record(elapsedNanos);
        }
    }

    void closed(CloseReason reason) {
        reasons.getAndIncrement(reason.ordinal());
    }

    void increment(Count count) {
        counts.getAndIncrement(count.ordinal());
    }

    void add(Count count, long amount) {
        counts.getAndAdd(count.ordinal(), amount);
    }

    private long get(Count count) {
        return counts.get(count.ordinal());
    }

    PoolFigures figures() {
        return figures(0, 0);
    }

    /** With so many bytes of connections that are still open. */
    PoolFigures figures(long moreSent, long moreReceived) {
        Map<Outcome, Long> byOutcome = new EnumMap<>(Outcome.class);
        for (Outcome outcome : OUTCOMES) {
            byOutcome.put(outcome, outcomes.get(outcome.ordinal()));
        }
        Map<CloseReason, Long> byReason = new EnumMap<>(CloseReason.class);
        for (CloseReason reason : REASONS) {
            byReason.put(reason, reasons.get(reason.ordinal()));
        }
        return new PoolFigures(
                byOutcome,
                responseTimes.times(get(Count.RESPONSE_NANOS)),
                new ConnectionFigures(
                        get(Count.OPENED),
                        get(Count.OPEN_FAILED),
                        get(Count.USED),
                        byReason,
                        Duration.ofNanos(get(Count.CONNECT_NANOS)),
                        get(Count.HANDSHAKES),
                        get(Count.RESUMPTIONS),
                        Duration.ofNanos(get(Count.HANDSHAKE_NANOS)),
                        get(Count.BYTES_SENT) + moreSent,
                        get(Count.BYTES_RECEIVED) + moreReceived),
                new LeaseFigures(
                        get(Count.LEASES_QUEUED),
                        get(Count.LEASES_GRANTED),
                        get(Count.LEASES_FAILED),
                        Duration.ofNanos(get(Count.LEASE_NANOS))),
                get(Count.BANS),
                get(Count.EJECTIONS));
    }
}
