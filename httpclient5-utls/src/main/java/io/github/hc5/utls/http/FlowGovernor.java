package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.Http2Spec;
import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import java.util.function.LongSupplier;

/**
 * The windows of one connection as the browser advertises and refills them. The connection's window is given back as
 * data arrives, whoever reads it, so that a slow reader of some streams never stalls the others; each stream's window
 * bounds what such a reader can pile up. Guarded by the session's lock.
 */
final class FlowGovernor {

    private final Http2Spec spec;
    private final LongSupplier nanoTime;
    private final long streamWindow;
    private final ReceiveWindow connection;

    FlowGovernor(Http2Spec spec, LongSupplier nanoTime) {
        this.spec = spec;
        this.nanoTime = nanoTime;
        long initial = spec.settings().stream()
                .filter(setting -> setting.id() == Setting.INITIAL_WINDOW_SIZE)
                .mapToLong(Setting::value)
                .reduce(H2Frames.DEFAULT_WINDOW, (before, last) -> last);
        this.streamWindow = initial + spec.streamWindowIncrement();
        this.connection = new ReceiveWindow(
                spec.connectionRefill(), (long) H2Frames.DEFAULT_WINDOW + spec.connectionWindowIncrement(), nanoTime);
    }

    /** Returns the window of a new stream. */
    ReceiveWindow newStream() {
        return new ReceiveWindow(spec.streamRefill(), streamWindow, nanoTime);
    }

    /** Takes bytes out of the connection's window; returns whether the peer was allowed to send them. */
    boolean receive(int count) {
        boolean allowed = connection.receive(count);
        connection.allow(count);
        return allowed;
    }

    /** Returns the increment of the connection's WINDOW_UPDATE that is due now, 0 for none. */
    int refill() {
        return connection.refill();
    }
}
