package io.github.hc5.utls.pool;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The unused connections of a route that one request at a time may have (HTTP/1.1, and HTTP/2 where it is not shared),
 * in the order in which they are to be leased: last released first, or first released first, by the reuse policy.
 * Guarded by the lock of the {@link HostPool}.
 */
final class IdleConnections {

    private final Deque<HotConnection> order = new ArrayDeque<>();
    private final boolean lifo;

    IdleConnections(boolean lifo) {
        this.lifo = lifo;
    }

    void add(HotConnection connection) {
        if (lifo) {
            order.addFirst(connection);
        } else {
            order.addLast(connection);
        }
        connection.inIdle = true;
    }

    void remove(HotConnection connection) {
        if (connection.inIdle) {
            connection.inIdle = false;
            if (order.peekFirst() == connection) {
                order.pollFirst();
            } else {
                order.remove(connection);
            }
        }
    }

    /**
     * Returns the next connection for a request with this user token without taking it out: one with the same token
     * first, else one that has none. A connection with another token is never returned.
     */
    @Nullable
    HotConnection next(@Nullable Object state) {
        HotConnection first = order.peekFirst();
        if (state == null && first != null && first.userState == null) {
            return first;
        }
        HotConnection stateless = null;
        for (Iterator<HotConnection> it = order.iterator(); it.hasNext(); ) {
            HotConnection connection = it.next();
            Object mine = connection.userState;
            if (mine == null) {
                if (state == null) {
                    return connection;
                }
                stateless = stateless == null ? connection : stateless;
            } else if (mine.equals(state)) {
                return connection;
            }
        }
        return stateless;
    }
}
