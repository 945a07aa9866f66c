package io.github.hc5.utls.resilience;

import io.github.hc5.utls.health.HealthState;
import io.github.hc5.utls.pool.HotConnectionManager;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Two connection managers, of which the second is used while the first is unwell: after so many connects in a row have
 * failed, or while the health of its pool says so. Looks at the primary by opening a connection there; goes back when
 * enough looks in a row went well. {@link FailoverState} decides when.
 *
 * <p>Exchanges under way stay where they are. It owns both managers and closes them. Thread-safe.
 */
public final class FailoverConnectionManager extends DelegatingConnectionManager {

    private static final Timeout PROBE_TIMEOUT = Timeout.ofSeconds(10);

    private final AsyncClientConnectionManager primary;
    private final AsyncClientConnectionManager backup;
    private final Supplier<HealthState> health;
    private final WaitScheduler time;
    private final FailoverState state;
    private volatile @Nullable HttpRoute lastRoute;
    private volatile boolean closed;

    /** A pair with the defaults; the primary's health is its pool's. */
    public FailoverConnectionManager(HotConnectionManager primary, AsyncClientConnectionManager backup) {
        this(primary, backup, () -> primary.health().state(), FailoverSettings.defaults(), WaitScheduler.shared());
    }

    /**
     * A pair.
     *
     * @param health how the primary's pool fares; asked at most once a second
     */
    public FailoverConnectionManager(
            AsyncClientConnectionManager primary,
            AsyncClientConnectionManager backup,
            Supplier<HealthState> health,
            FailoverSettings settings,
            WaitScheduler time) {
        this.primary = primary;
        this.backup = backup;
        this.health = health;
        this.time = time;
        this.state = new FailoverState(settings, time.nanoTime());
    }

    public AsyncClientConnectionManager primary() {
        return primary;
    }

    public AsyncClientConnectionManager backup() {
        return backup;
    }

    /** Whether new leases go to the backup. */
    public boolean isOnBackup() {
        return state.isOnBackup();
    }

    @Override
    public Future<AsyncConnectionEndpoint> lease(
            @Nullable String id,
            HttpRoute route,
            @Nullable Object token,
            @Nullable Timeout requestTimeout,
            @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        long now = time.nanoTime();
        if (!state.isOnBackup() && state.isLookDue(now) && health.get() == HealthState.UNHEALTHY) {
            lastRoute = route;
            fellOver(state.unwell(now));
        }
        boolean onBackup = state.isOnBackup();
        AsyncClientConnectionManager manager = onBackup ? backup : primary;
        DelegatedLease lease = new DelegatedLease(manager, route, callback) {
            @Override
            void refused(Exception cause) {
                if (!onBackup && !(cause instanceof ConnectionRequestTimeoutException)) {
                    primaryFailed(route);
                }
            }
        };
        lease.begin(manager.lease(id, route, token, requestTimeout, lease.delivery()));
        return lease;
    }

    @Override
    public Future<AsyncConnectionEndpoint> connect(
            AsyncConnectionEndpoint endpoint,
            @Nullable ConnectionInitiator connectionInitiator,
            @Nullable Timeout connectTimeout,
            @Nullable Object attachment,
            @Nullable HttpContext context,
            @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        DelegatedEndpoint own = DelegatedEndpoint.cast(endpoint);
        HttpRoute route = own.route;
        boolean onPrimary = own.manager == primary;
        return own.manager.connect(
                own.endpoint, connectionInitiator, connectTimeout, attachment, context, new FutureCallback<>() {
                    @Override
                    public void completed(AsyncConnectionEndpoint connected) {
                        if (onPrimary) {
                            state.succeeded();
                        }
                        if (callback != null) {
                            callback.completed(own);
                        }
                    }

                    @Override
                    public void failed(Exception cause) {
                        if (onPrimary) {
                            primaryFailed(route);
                        }
                        if (callback != null) {
                            callback.failed(
                                    onPrimary
                                            ? cause
                                            : new NoHealthyPathException(
                                                    "The primary is unwell, and the backup failed: "
                                                            + cause.getMessage(),
                                                    cause));
                        }
                    }

                    @Override
                    public void cancelled() {
                        if (callback != null) {
                            callback.cancelled();
                        }
                    }
                });
    }

    // ---- falling over, and back

    private void primaryFailed(@Nullable HttpRoute route) {
        lastRoute = route != null ? route : lastRoute;
        fellOver(state.failed(time.nanoTime()));
    }

    private void fellOver(boolean now) {
        if (now) {
            time.schedule(this::probe, state.probeNanos());
        }
    }

    private void probe() {
        HttpRoute route = lastRoute;
        if (closed || route == null) {
            return;
        }
        FailoverProbe.run(primary, route, PROBE_TIMEOUT, well -> {
            boolean back = state.probed(well && health.get() != HealthState.UNHEALTHY, time.nanoTime());
            if (!back && !closed) {
                time.schedule(this::probe, state.probeNanos());
            }
        });
    }

    @Override
    public void close(CloseMode mode) {
        closed = true;
        primary.close(mode);
        backup.close(mode);
    }
}
