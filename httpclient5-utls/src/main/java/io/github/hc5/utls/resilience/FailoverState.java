package io.github.hc5.utls.resilience;

/**
 * When to use the backup. After a number of failures in a row, or when told that the primary is unwell; back after a number
 * of good probes in a row, but not before a stay that doubles each time the primary fails again soon after its return, so
 * that traffic does not flap between the two.
 *
 * <p>Thread-safe.
 */
final class FailoverState {

    private static final long LOOK_NANOS = 1_000_000_000L;

    private final FailoverSettings settings;

    /** Guarded by this. */
    private int goodProbes;

    /** Guarded by this. */
    private long stayNanos;

    /** Guarded by this: since when the one in use is in use. */
    private long sinceNanos;

    /** Guarded by this. */
    private boolean returnedBefore;

    /** Written under this. */
    private volatile boolean onBackup;

    /** Written under this; failures in a row. */
    private volatile int failures;

    /** Racy by intent: two looks instead of one do no harm. */
    private volatile long nextLookNanos;

    FailoverState(FailoverSettings settings, long now) {
        this.settings = settings;
        this.stayNanos = settings.minStay().toNanos();
        this.nextLookNanos = now + LOOK_NANOS;
    }

    boolean isOnBackup() {
        return onBackup;
    }

    long probeNanos() {
        return settings.probeInterval().toNanos();
    }

    /** Whether the primary's health is to be asked for again. */
    boolean isLookDue(long now) {
        if (now - nextLookNanos < 0) {
            return false;
        }
        nextLookNanos = now + LOOK_NANOS;
        return true;
    }

    void succeeded() {
        if (failures != 0) {
            synchronized (this) {
                failures = 0;
            }
        }
    }

    /** Counts a failure of the primary; returns whether the backup is used from now on. */
    synchronized boolean failed(long now) {
        if (onBackup) {
            return false;
        }
        failures++;
        return failures >= settings.failuresToSwitch() && unwell(now);
    }

    /** The primary is not to be used; returns whether that is new. */
    synchronized boolean unwell(long now) {
        if (onBackup) {
            return false;
        }
        boolean soon = returnedBefore && now - sinceNanos < stayNanos;
        stayNanos = soon
                ? Math.min(settings.maxStay().toNanos(), 2 * stayNanos)
                : settings.minStay().toNanos();
        onBackup = true;
        failures = 0;
        goodProbes = 0;
        sinceNanos = now;
        return true;
    }

    /** Takes in what a look at the primary came to; returns whether it is used from now on. */
    synchronized boolean probed(boolean well, long now) {
        if (!onBackup) {
            return true;
        }
        goodProbes = well ? goodProbes + 1 : 0;
        if (goodProbes < settings.probesToReturn() || now - sinceNanos < stayNanos) {
            return false;
        }
        onBackup = false;
        returnedBefore = true;
        sinceNanos = now;
        return true;
    }
}
