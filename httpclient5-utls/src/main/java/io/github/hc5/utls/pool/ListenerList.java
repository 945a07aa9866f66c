package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.HostHealth;
import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.health.PoolHealth;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/** Several listeners as one: what one of them throws does not keep the others from hearing. Immutable. */
final class ListenerList implements PoolListener {

    private final PoolListener[] all;

    private ListenerList(PoolListener... all) {
        this.all = all;
    }

    private static List<PoolListener> list(PoolListener listener) {
        if (listener == NONE) {
            return List.of();
        }
        return listener instanceof ListenerList several ? Arrays.asList(several.all) : List.of(listener);
    }

    private static PoolListener of(PoolListener... listeners) {
        return switch (listeners.length) {
            case 0 -> NONE;
            case 1 -> listeners[0];
            default -> new ListenerList(listeners);
        };
    }

    static PoolListener with(PoolListener those, PoolListener these) {
        List<PoolListener> both = new ArrayList<>(list(those));
        both.addAll(list(these));
        return of(both.toArray(new PoolListener[0]));
    }

    static PoolListener without(PoolListener listener, PoolListener removed) {
        return of(list(listener).stream().filter(l -> l != removed).toArray(PoolListener[]::new));
    }

    private void each(Consumer<PoolListener> event) {
        for (PoolListener listener : all) {
            Effects.tell(() -> event.accept(listener));
        }
    }

    @Override
    public void opened(HttpRoute route, ConnectionSnapshot connection, long openNanos) {
        each(l -> l.opened(route, connection, openNanos));
    }

    @Override
    public void openFailed(HttpRoute route, Exception cause) {
        each(l -> l.openFailed(route, cause));
    }

    @Override
    public void handshakeEnded(HttpRoute route, TlsHandshake handshake) {
        each(l -> l.handshakeEnded(route, handshake));
    }

    @Override
    public void retired(HttpRoute route, ConnectionSnapshot connection, CloseReason reason) {
        each(l -> l.retired(route, connection, reason));
    }

    @Override
    public void closed(HttpRoute route, ConnectionSnapshot connection, CloseReason reason, @Nullable Exception cause) {
        each(l -> l.closed(route, connection, reason, cause));
    }

    @Override
    public void leaseQueued(HttpRoute route, int waiting) {
        each(l -> l.leaseQueued(route, waiting));
    }

    @Override
    public void leaseDequeued(HttpRoute route, long waitedNanos) {
        each(l -> l.leaseDequeued(route, waitedNanos));
    }

    @Override
    public void leaseFailed(HttpRoute route, Exception cause) {
        each(l -> l.leaseFailed(route, cause));
    }

    @Override
    public void checked(HttpRoute route, ConnectionSnapshot connection, boolean healthy) {
        each(l -> l.checked(route, connection, healthy));
    }

    @Override
    public void addressChanged(HttpRoute route, InetAddress address, AddressHealth.State state, Outcome outcome) {
        each(l -> l.addressChanged(route, address, state, outcome));
    }

    @Override
    public void addressBanned(InetAddress address, Duration time) {
        each(l -> l.addressBanned(address, time));
    }

    @Override
    public void addressLifted(InetAddress address) {
        each(l -> l.addressLifted(address));
    }

    @Override
    public void panicChanged(HttpRoute route, boolean panic) {
        each(l -> l.panicChanged(route, panic));
    }

    @Override
    public void hostBlocked(HttpRoute route, boolean blocked) {
        each(l -> l.hostBlocked(route, blocked));
    }

    @Override
    public void hostHealthChanged(HttpRoute route, HostHealth.Report report) {
        each(l -> l.hostHealthChanged(route, report));
    }

    @Override
    public void poolHealthChanged(PoolHealth.Report report) {
        each(l -> l.poolHealthChanged(report));
    }

    /** The one that is called for each exchange: allocates nothing. */
    @Override
    public void exchangeEnded(
            HttpRoute route, @Nullable InetAddress address, Outcome outcome, int status, long elapsedNanos) {
        for (PoolListener listener : all) {
            try {
                listener.exchangeEnded(route, address, outcome, status, elapsedNanos);
            } catch (RuntimeException | LinkageError e) {
                Effects.listenerFailed(e);
            }
        }
    }
}
