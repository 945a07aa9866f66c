package io.github.hc5.utls.samples.cli;

import io.github.hc5.utls.pool.CloseReason;
import io.github.hc5.utls.pool.ConnectionSnapshot;
import io.github.hc5.utls.pool.PoolListener;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * When each open connection of a pool was opened, and how long that took. A request knows its connection by its local
 * address, which no two open ones share. Thread-safe.
 */
final class Openings implements PoolListener {

    /**
     * The opening of one connection.
     *
     * @param id the connection's
     * @param openedNanos when it could take requests
     * @param tookNanos from dialling to there, TLS handshake included
     */
    record Opening(String id, long openedNanos, long tookNanos) {

        /** How much of it a request saw that began at the given moment. */
        long waitedNanos(long sinceNanos) {
            return Math.min(tookNanos, openedNanos - sinceNanos);
        }
    }

    private final Map<SocketAddress, Opening> openings = new ConcurrentHashMap<>();

    @Override
    public void opened(HttpRoute route, ConnectionSnapshot connection, long openNanos) {
        SocketAddress local = connection.local();
        if (local != null) {
            openings.put(local, new Opening(connection.id(), System.nanoTime(), openNanos));
        }
    }

    @Override
    public void closed(HttpRoute route, ConnectionSnapshot connection, CloseReason reason, @Nullable Exception cause) {
        // by its id: its address may have gone to another connection already
        openings.values().removeIf(opening -> opening.id().equals(connection.id()));
    }

    /**
     * Returns how a request's connection was opened, or null if it was there before the request, or is not known.
     *
     * @param local the connection's local address
     * @param sinceNanos when the request began
     */
    @Nullable
    Opening after(@Nullable SocketAddress local, long sinceNanos) {
        Opening opening = local == null ? null : openings.get(local);
        return opening != null && opening.openedNanos() - sinceNanos > 0 ? opening : null;
    }
}
