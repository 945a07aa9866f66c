package io.github.hc5.utls.tls;

import java.time.Duration;
import javax.net.ssl.SSLException;

/**
 * How long a whole handshake may take. HttpCore's own bound is one of idleness, which a server evades that sends a byte
 * now and then; each such byte comes by here. Guarded by its engine's lock.
 */
final class HandshakeLimit {

    private long limitNanos = Long.MAX_VALUE;
    private long startNanos;

    void start(Duration limit) {
        limitNanos = limit.toNanos();
        startNanos = System.nanoTime();
    }

    /** @throws SSLException if the time is up */
    void check() throws SSLException {
        if (System.nanoTime() - startNanos > limitNanos) {
            throw new SSLException("time is up after " + Duration.ofNanos(limitNanos));
        }
    }
}
