package io.github.hc5.utls.pool;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.nio.command.StaleCheckCommand;
import org.apache.hc.core5.http2.nio.command.PingCommand;
import org.apache.hc.core5.http2.nio.support.BasicPingHandler;
import org.apache.hc.core5.reactor.Command;
import org.jspecify.annotations.Nullable;

/**
 * Checks one unused connection: by a PING on HTTP/2 (RFC 9113 section 6.7), by a look for the peer's close on HTTP/1.1.
 * The outcome is told exactly once, at the latest when the time is up.
 */
final class ConnectionCheck {

    private final HotConnection connection;
    private final LongSupplier clock;
    private final Consumer<Boolean> outcome;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile @Nullable Cancellable timeout;

    private ConnectionCheck(HotConnection connection, LongSupplier clock, Consumer<Boolean> outcome) {
        this.connection = connection;
        this.clock = clock;
        this.outcome = outcome;
    }

    static void start(
            HotConnection connection,
            LongSupplier clock,
            PoolTimer timer,
            long timeoutNanos,
            Consumer<Boolean> outcome) {
        ConnectionCheck check = new ConnectionCheck(connection, clock, outcome);
        check.timeout = timer.schedule(() -> check.tell(false), timeoutNanos);
        check.send();
    }

    private void send() {
        if (!connection.isOpen()) {
            tell(false);
        } else if (connection.isHttp2()) {
            long sent = clock.getAsLong();
            connection.enqueue(
                    new PingCommand(new BasicPingHandler(answered -> {
                        boolean healthy = Boolean.TRUE.equals(answered);
                        if (healthy) {
                            connection.pingAnswered(clock.getAsLong() - sent);
                        }
                        tell(healthy);
                    })),
                    Command.Priority.IMMEDIATE);
        } else {
            connection.enqueue(
                    new StaleCheckCommand(open -> tell(Boolean.TRUE.equals(open))), Command.Priority.IMMEDIATE);
        }
    }

    private void tell(boolean healthy) {
        if (told.compareAndSet(false, true)) {
            Cancellable pending = timeout;
            if (pending != null) {
                pending.cancel();
            }
            outcome.accept(healthy);
        }
    }
}
