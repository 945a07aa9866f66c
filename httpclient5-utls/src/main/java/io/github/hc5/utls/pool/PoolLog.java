package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.health.HealthState;
import io.github.hc5.utls.health.HostHealth;
import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.health.PoolHealth;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import org.slf4j.spi.MDCAdapter;

/**
 * Writes the log of a pool: one line for each change of state, an event's name and then pairs {@code key=value} whose keys
 * stay what they are. What an operator should look at is a warning, its end an information, the life of connections and
 * leases {@code DEBUG}. While a line is written, the diagnostic context has its host and connection under {@value
 * #HOST_KEY} and {@value #CONNECTION_KEY}. Holds no request, header or body, so no secret.
 */
final class PoolLog implements PoolListener {

    /** The name of its logger. */
    static final String NAME = "io.github.hc5.utls.pool.events";

    static final String HOST_KEY = "utls.host";
    static final String CONNECTION_KEY = "utls.connection";

    private final Logger log;
    private final Supplier<MDCAdapter> contexts;

    PoolLog() {
        this(LoggerFactory.getLogger(NAME), MDC::getMDCAdapter);
    }

    /** @param contexts returns the diagnostic contexts of the log, asked for each line */
    PoolLog(Logger log, Supplier<MDCAdapter> contexts) {
        this.log = log;
        this.contexts = contexts;
    }

    @Override
    public void opened(HttpRoute route, ConnectionSnapshot connection, long openNanos) {
        if (log.isDebugEnabled()) {
            write(
                    Level.DEBUG,
                    route,
                    connection.id(),
                    "connection.opened",
                    life(connection) + " local=" + text(connection.local()) + " resumed=" + connection.resumed()
                            + " open_ms=" + millis(openNanos));
        }
    }

    @Override
    public void openFailed(HttpRoute route, Exception cause) {
        if (log.isDebugEnabled()) {
            String event = cause instanceof CancellationException ? "connection.cancelled" : "connection.failed";
            write(Level.DEBUG, route, null, event, cause(cause));
        }
    }

    @Override
    public void handshakeEnded(HttpRoute route, TlsHandshake handshake) {
        if (log.isDebugEnabled()) {
            Exception failure = handshake.failure();
            write(
                    Level.DEBUG,
                    route,
                    handshake.connection(),
                    failure == null ? "handshake.done" : "handshake.failed",
                    "address=" + text(handshake.address())
                            + " profile=" + handshake.profile()
                            + " alpn=" + handshake.protocol()
                            + " resumed=" + handshake.resumed()
                            + " handshake_ms=" + handshake.elapsed().toMillis()
                            + (failure == null ? "" : " " + cause(failure)));
        }
    }

    @Override
    public void retired(HttpRoute route, ConnectionSnapshot connection, CloseReason reason) {
        if (log.isDebugEnabled()) {
            String pairs = life(connection) + " reason=" + key(reason) + " in_flight=" + connection.inFlight();
            write(Level.DEBUG, route, connection.id(), "connection.retired", pairs);
        }
    }

    @Override
    public void closed(HttpRoute route, ConnectionSnapshot connection, CloseReason reason, @Nullable Exception cause) {
        if (log.isDebugEnabled()) {
            write(
                    Level.DEBUG,
                    route,
                    connection.id(),
                    "connection.closed",
                    life(connection) + " reason=" + key(reason)
                            + " exchanges=" + connection.exchanges()
                            + " age_ms=" + connection.age().toMillis()
                            + " sent=" + connection.bytesSent()
                            + " received=" + connection.bytesReceived()
                            + (cause == null ? "" : " " + cause(cause)));
        }
    }

    @Override
    public void checked(HttpRoute route, ConnectionSnapshot connection, boolean healthy) {
        if (log.isDebugEnabled() && !healthy) {
            write(Level.DEBUG, route, connection.id(), "check.failed", life(connection));
        }
    }

    @Override
    public void leaseQueued(HttpRoute route, int waiting) {
        if (log.isDebugEnabled()) {
            write(Level.DEBUG, route, null, "lease.waits", "waiting=" + waiting);
        }
    }

    @Override
    public void leaseDequeued(HttpRoute route, long waitedNanos) {
        if (log.isDebugEnabled()) {
            write(Level.DEBUG, route, null, "lease.granted", "waited_ms=" + millis(waitedNanos));
        }
    }

    @Override
    public void leaseFailed(HttpRoute route, Exception cause) {
        if (log.isDebugEnabled()) {
            write(Level.DEBUG, route, null, "lease.failed", cause(cause));
        }
    }

    @Override
    public void addressChanged(HttpRoute route, InetAddress address, AddressHealth.State state, Outcome outcome) {
        String event = switch (state) {
            case WELL -> "address.back";
            // as many as may be are out already
            case UNWELL -> "address.spared";
            case OUT -> outcome == Outcome.BANNED_STATUS ? "address.banned" : "address.ejected";
            case PROBED -> "address.probed";
        };
        Level level = state == AddressHealth.State.OUT ? Level.WARN : Level.INFO;
        write(level, route, null, event, "address=" + address.getHostAddress() + " outcome=" + key(outcome));
    }

    @Override
    public void addressBanned(InetAddress address, Duration time) {
        write(
                Level.WARN,
                null,
                null,
                "address.banned",
                "host=* address=" + address.getHostAddress() + " seconds=" + time.toSeconds());
    }

    @Override
    public void addressLifted(InetAddress address) {
        write(Level.INFO, null, null, "address.lifted", "host=* address=" + address.getHostAddress());
    }

    @Override
    public void panicChanged(HttpRoute route, boolean panic) {
        write(panic ? Level.WARN : Level.INFO, route, null, panic ? "host.panic" : "host.panic_over", "");
    }

    @Override
    public void hostBlocked(HttpRoute route, boolean blocked) {
        write(blocked ? Level.WARN : Level.INFO, route, null, blocked ? "host.blocked" : "host.unblocked", "");
    }

    @Override
    public void hostHealthChanged(HttpRoute route, HostHealth.Report report) {
        boolean well = report.state() == HostHealth.State.WELL;
        write(
                well ? Level.INFO : Level.WARN,
                route,
                null,
                well ? "host.recovered" : "host.failed",
                "requests=" + report.requests() + " success_rate=" + rate(report.successShare()) + " failures_in_a_row="
                        + report.consecutiveFailures() + " reason=" + quoted(report.reason()));
    }

    @Override
    public void poolHealthChanged(PoolHealth.Report report) {
        write(
                report.state() == HealthState.HEALTHY ? Level.INFO : Level.WARN,
                null,
                null,
                "pool." + report.state().name().toLowerCase(Locale.ROOT),
                "requests=" + report.requests() + " success_rate=" + rate(report.successShare()) + " leased="
                        + rate(report.leasedShare()) + " reason=" + quoted(report.reason()));
    }

    // ---- lines

    private void write(
            Level level, @Nullable HttpRoute route, @Nullable String connection, String event, String pairs) {
        if (!isEnabled(level)) {
            return;
        }
        StringBuilder line = new StringBuilder(event);
        String host = route == null ? null : RouteSnapshot.host(route);
        if (connection != null) {
            line.append(" connection=").append(connection);
        }
        if (route != null) {
            line.append(" host=").append(host);
            if (route.getProxyHost() != null) {
                line.append(" proxy=").append(route.getProxyHost().toHostString());
            }
        }
        if (!pairs.isEmpty()) {
            line.append(' ').append(pairs);
        }
        String hostBefore = put(HOST_KEY, host);
        String connectionBefore = put(CONNECTION_KEY, connection);
        try {
            log(level, line.toString());
        } finally {
            put(HOST_KEY, hostBefore);
            put(CONNECTION_KEY, connectionBefore);
        }
    }

    // what SLF4J 1.7 has, which HttpClient brings along: a class path may end up with it

    private boolean isEnabled(Level level) {
        return switch (level) {
            case TRACE -> log.isTraceEnabled();
            case DEBUG -> log.isDebugEnabled();
            case INFO -> log.isInfoEnabled();
            case WARN -> log.isWarnEnabled();
            case ERROR -> log.isErrorEnabled();
        };
    }

    private void log(Level level, String line) {
        switch (level) {
            case TRACE -> log.trace(line);
            case DEBUG -> log.debug(line);
            case INFO -> log.info(line);
            case WARN -> log.warn(line);
            case ERROR -> log.error(line);
        }
    }

    private @Nullable String put(String key, @Nullable String value) {
        MDCAdapter context = contexts.get();
        String before = context.get(key);
        if (value != null) {
            context.put(key, value);
        } else if (before != null) {
            context.remove(key);
        }
        return before;
    }

    private static String life(ConnectionSnapshot connection) {
        return "address=" + text(connection.remote()) + " protocol=" + connection.protocol() + " profile="
                + connection.profile();
    }

    private static @Nullable String text(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? DialFailures.text(inet)
                : address == null ? null : address.toString();
    }

    private static String cause(Exception cause) {
        return "error=" + cause.getClass().getSimpleName() + " message=" + quoted(String.valueOf(cause.getMessage()));
    }

    /** One line, and never two values. */
    private static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }

    private static String rate(double share) {
        return String.format(Locale.ROOT, "%.3f", share);
    }

    private static String key(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
