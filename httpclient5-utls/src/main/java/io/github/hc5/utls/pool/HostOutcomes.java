package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.apache.hc.core5.http.HttpResponse;

/** What the exchanges of a route come to. Called on I/O threads, under no lock. */
final class HostOutcomes {

    private final HostPool pool;

    HostOutcomes(HostPool pool) {
        this.pool = pool;
    }

    /** The head of a response has come; its caller hears of it next. */
    void responded(LeasedExchange exchange, HttpResponse response) {}

    /** An exchange is over; its caller hears of it next. */
    void ended(LeasedExchange exchange, Outcome outcome, long elapsedNanos) {
        PoolListener listener = pool.context.listener;
        if (listener != PoolListener.NONE) {
            SocketAddress remote = exchange.connection().getRemoteAddress();
            InetAddress address = remote instanceof InetSocketAddress inet ? inet.getAddress() : null;
            try {
                listener.exchangeEnded(pool.route, address, outcome, exchange.status(), elapsedNanos);
            } catch (RuntimeException e) {
                Effects.listenerFailed(e);
            }
        }
    }
}
