package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.Http2Spec.WindowRefill;
import java.util.function.LongSupplier;

/**
 * One flow-control window of ours (RFC 9113 section 5.2): how much the peer may still send, and when it is given more.
 *
 * <p>A byte is given back once it has been received and its consumer has asked for more, and the browser's rule decides
 * when all such bytes are given back together. The rule is overruled only where it would stall: with the window empty,
 * anything that may be given back is.
 *
 * <p>Guarded by the session's lock.
 */
final class ReceiveWindow {

    private final WindowRefill refill;
    private final long smallAfterNanos;
    private final LongSupplier nanoTime;
    private long window;
    private long received;
    private long allowance;
    private long lastNanos;

    /**
     * @param window what the peer may send without a WINDOW_UPDATE, in bytes
     * @param nanoTime the time, asked for only where the rule heeds it
     */
    ReceiveWindow(WindowRefill refill, long window, LongSupplier nanoTime) {
        this.refill = refill;
        this.window = window;
        this.nanoTime = nanoTime;
        this.smallAfterNanos = refill.smallAfter().toNanos();
        this.lastNanos = smallAfterNanos == 0 ? 0 : nanoTime.getAsLong();
    }

    /** Takes bytes out of the window; returns whether the peer was allowed to send them. */
    boolean receive(int count) {
        window -= count;
        received += count;
        return window >= 0;
    }

    /** The consumer takes so many bytes more than it was promised before. */
    void allow(long count) {
        allowance = Math.min(allowance + count, Integer.MAX_VALUE);
    }

    /** Returns whether the consumer should be asked for more. */
    boolean isShortOfAllowance() {
        return allowance < received;
    }

    /** Returns the increment of the WINDOW_UPDATE that is due now, 0 for none. */
    int refill() {
        long consumed = Math.min(received, allowance);
        boolean due =
                consumed > refill.threshold() || (consumed > 0 && (window <= refill.lowWater() || hasWaitedForLong()));
        if (!due) {
            return 0;
        }
        lastNanos = smallAfterNanos == 0 ? 0 : nanoTime.getAsLong();
        received -= consumed;
        allowance -= consumed;
        window += consumed;
        return (int) consumed;
    }

    private boolean hasWaitedForLong() {
        return smallAfterNanos > 0 && nanoTime.getAsLong() - lastNanos >= smallAfterNanos;
    }
}
