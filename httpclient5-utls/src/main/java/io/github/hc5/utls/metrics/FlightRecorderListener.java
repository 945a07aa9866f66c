package io.github.hc5.utls.metrics;

import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.pool.CloseReason;
import io.github.hc5.utls.pool.ConnectionSnapshot;
import io.github.hc5.utls.pool.PoolListener;
import io.github.hc5.utls.pool.RouteSnapshot;
import io.github.hc5.utls.pool.TlsHandshake;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * Tells Java Flight Recorder what a pool does: {@code utls.LeaseWait}, {@code utls.Connect}, {@code utls.Handshake}, {@code
 * utls.Ban}, {@code utls.Eject}, {@code utls.Retire}. While nobody records them, each costs one look. Thread-safe.
 */
public final class FlightRecorderListener implements PoolListener {

    private FlightRecorderListener() {}

    /** Returns a listener; one that hears nothing where the Java runtime has no Flight Recorder. */
    public static PoolListener create() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? new FlightRecorderListener() : PoolListener.NONE;
    }

    @Override
    public void opened(HttpRoute route, ConnectionSnapshot connection, long openNanos) {
        FlightEvents.Connect event = new FlightEvents.Connect();
        if (event.shouldCommit()) {
            event.host = RouteSnapshot.host(route);
            event.connection = connection.id();
            event.address = text(connection.remote());
            event.protocol = connection.protocol();
            event.profile = connection.profile();
            event.took = openNanos;
            event.commit();
        }
    }

    @Override
    public void openFailed(HttpRoute route, Exception cause) {
        FlightEvents.Connect event = new FlightEvents.Connect();
        if (event.shouldCommit()) {
            event.host = RouteSnapshot.host(route);
            event.error = cause.toString();
            event.commit();
        }
    }

    @Override
    public void handshakeEnded(HttpRoute route, TlsHandshake handshake) {
        FlightEvents.Handshake event = new FlightEvents.Handshake();
        if (event.shouldCommit()) {
            event.host = RouteSnapshot.host(route);
            event.connection = handshake.connection();
            event.address = text(handshake.address());
            event.profile = handshake.profile();
            event.protocol = handshake.protocol();
            event.resumed = handshake.resumed();
            event.took = handshake.elapsed().toNanos();
            event.error =
                    handshake.failure() == null ? null : handshake.failure().toString();
            event.commit();
        }
    }

    @Override
    public void leaseDequeued(HttpRoute route, long waitedNanos) {
        FlightEvents.LeaseWait event = new FlightEvents.LeaseWait();
        if (event.shouldCommit()) {
            event.host = RouteSnapshot.host(route);
            event.waited = waitedNanos;
            event.commit();
        }
    }

    @Override
    public void leaseFailed(HttpRoute route, Exception cause) {
        FlightEvents.LeaseWait event = new FlightEvents.LeaseWait();
        if (event.shouldCommit()) {
            event.host = RouteSnapshot.host(route);
            event.error = cause.toString();
            event.commit();
        }
    }

    @Override
    public void addressChanged(HttpRoute route, InetAddress address, AddressHealth.State state, Outcome outcome) {
        if (state != AddressHealth.State.OUT) {
            return;
        }
        if (outcome == Outcome.BANNED_STATUS) {
            FlightEvents.Ban event = new FlightEvents.Ban();
            if (event.shouldCommit()) {
                event.host = RouteSnapshot.host(route);
                event.address = address.getHostAddress();
                event.commit();
            }
        } else {
            FlightEvents.Eject event = new FlightEvents.Eject();
            if (event.shouldCommit()) {
                event.host = RouteSnapshot.host(route);
                event.address = address.getHostAddress();
                event.outcome = MetricNames.key(outcome);
                event.commit();
            }
        }
    }

    @Override
    public void addressBanned(InetAddress address, Duration time) {
        FlightEvents.Ban event = new FlightEvents.Ban();
        if (event.shouldCommit()) {
            event.host = "*";
            event.address = address.getHostAddress();
            event.time = time.toNanos();
            event.commit();
        }
    }

    @Override
    public void retired(HttpRoute route, ConnectionSnapshot connection, CloseReason reason) {
        FlightEvents.Retire event = new FlightEvents.Retire();
        if (event.shouldCommit()) {
            event.host = RouteSnapshot.host(route);
            event.connection = connection.id();
            event.address = text(connection.remote());
            event.profile = connection.profile();
            event.reason = MetricNames.key(reason);
            event.age = connection.age().toNanos();
            event.exchanges = connection.exchanges();
            event.commit();
        }
    }

    private static @Nullable String text(@Nullable SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            return inet.getAddress().getHostAddress() + ":" + inet.getPort();
        }
        return address == null ? null : address.toString();
    }
}
