package io.github.hc5.utls.http;

import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Makes the I/O thread take a turn of a session whose socket takes no more, so that no write event comes: by a socket
 * timeout of a moment, which HttpCore's reactor reports when it next looks at timeouts (at its select interval). The
 * timeout of before then holds again, unless another was set meanwhile. Any thread may ask.
 */
final class BlockedWake {

    private static final Timeout MOMENT = Timeout.ofMilliseconds(1);

    private final ProtocolIOSession session;

    /** Guarded by this: what to go back to; {@code null} while nothing has been asked. */
    private @Nullable Timeout before;

    BlockedWake(ProtocolIOSession session) {
        this.session = session;
    }

    synchronized void ask() {
        if (before == null) {
            before = session.getSocketTimeout();
            session.setSocketTimeout(MOMENT);
        }
    }

    /** Returns whether the timeout that is reported was asked for here. */
    synchronized boolean isAnswer() {
        Timeout former = before;
        if (former == null) {
            return false;
        }
        before = null;
        if (MOMENT.equals(session.getSocketTimeout())) {
            session.setSocketTimeout(former);
        }
        return true;
    }
}
