package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.PoolHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.function.Resolver;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.ConnPoolControl;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.reactor.ConnectionInitiator;
import org.apache.hc.core5.util.Args;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection manager for HttpClient's asynchronous clients whose pool is hot: connections are opened before they are
 * needed, shared where HTTP/2 allows it, checked while idle, and retired before they grow stale.
 *
 * <p>It owns its I/O reactor. The {@code ConnectionInitiator} of the client that it is handed in {@link #connect} is not
 * used, and with it the client builder's {@code IOReactorConfig}, {@code H2Config}, {@code Http1Config},
 * {@code CharCodingConfig}, {@code ConnectionReuseStrategy}, session decorator and listener, and thread factory are not:
 * {@link HotConnectionManagerBuilder} has setters of the same names. Threads are started with the first connection;
 * {@link #close(CloseMode)} ends them.
 *
 * <p>How leasing works is described at {@link HostPool}. Thread-safe.
 */
public final class HotConnectionManager implements AsyncClientConnectionManager, ConnPoolControl<HttpRoute> {

    /** The attribute of a TLS session, a string, that names the profile that its handshake showed. */
    public static final String PROFILE = "io.github.hc5.utls.profile.name";

    /** The attribute of a TLS session, a boolean, that says whether its handshake resumed an earlier one. */
    public static final String RESUMED = "io.github.hc5.utls.resumed";

    final ConcurrentHashMap<HttpRoute, HostPool> pools = new ConcurrentHashMap<>();
    final PoolContext context;
    private final LongSupplier clock;
    final ConnectionOpener opener;
    final PoolTimer timer;
    final PoolMaintainer maintainer;
    private final PoolReactor reactor;
    private final ResourceMeter resources;
    private final EndpointConnector connector;
    final WarmUp warmUp;
    final LeaseDelivery delivery;
    final Leasing leasing;
    private final PoolAddresses addresses;
    private final PoolLimits limits;
    private final AutoSizing sizing = new AutoSizing(this);
    private volatile @Nullable StateKeeper keeper;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Resolver<HttpRoute, ConnectionConfig> connectionConfigs;
    private volatile @Nullable Resolver<HttpHost, TlsConfig> tlsConfigs;

    /**
     * A manager with the defaults of {@link HotConnectionManagerBuilder}.
     *
     * @throws IllegalStateException if no {@link TransportProvider} is found
     */
    public HotConnectionManager() {
        this(HotConnectionManagerBuilder.create().parts());
    }

    HotConnectionManager(PoolParts parts) {
        this.clock = parts.clock();
        this.timer = parts.timer();
        this.reactor = parts.reactor();
        this.resources = new ResourceMeter(reactor::threads);
        this.opener = parts.opener();
        this.context = parts.context(new PoolServices(this));
        this.delivery = new LeaseDelivery(this);
        this.leasing = new Leasing(this);
        this.addresses = new PoolAddresses(context, pools);
        this.limits = new PoolLimits(context, pools);
        this.maintainer = new PoolMaintainer(pools::values, pool -> pools.remove(pool.route, pool), clock, timer);
        this.connector = new EndpointConnector(this, opener, clock, this::tlsConfig);
        this.warmUp = new WarmUp(context, opener, timer, route -> connector.tlsConfig(route, null));
        Exits exits = context.addressing.exits();
        if (exits != null) {
            exits.setProber(new ExitProber(this, warmUp));
        }
        this.connectionConfigs = parts.connectionConfigs();
        this.tlsConfigs = parts.tlsConfigs();
    }

    // ---- AsyncClientConnectionManager

    @Override
    public Future<AsyncConnectionEndpoint> lease(
            @Nullable String id,
            HttpRoute route,
            @Nullable Object state,
            @Nullable Timeout requestTimeout,
            @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        ensureOpen();
        Resolver<HttpRoute, ConnectionConfig> configs = connectionConfigs;
        ConnectionConfig config = configs != null ? configs.resolve(route) : null;
        return leasing.lease(id, route, state, config, requestTimeout, callback);
    }

    private void ensureOpen() {
        if (closed.get()) {
            throw new IllegalStateException("Connection pool shut down");
        }
    }

    HostPool pool(HttpRoute route) {
        return leasing.pool(route);
    }

    @Override
    public void release(AsyncConnectionEndpoint endpoint, @Nullable Object newState, TimeValue validDuration) {
        leasing.release(cast(endpoint), newState, validDuration);
    }

    @Override
    public Future<AsyncConnectionEndpoint> connect(
            AsyncConnectionEndpoint endpoint,
            @Nullable ConnectionInitiator connectionInitiator,
            @Nullable Timeout connectTimeout,
            @Nullable Object attachment,
            @Nullable HttpContext httpContext,
            @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        return connector.connect(cast(endpoint), connectTimeout, attachment, callback);
    }

    @Override
    public void upgrade(AsyncConnectionEndpoint endpoint, @Nullable Object attachment, @Nullable HttpContext context) {
        upgrade(endpoint, attachment, context, null);
    }

    @Override
    public void upgrade(
            AsyncConnectionEndpoint endpoint,
            @Nullable Object attachment,
            @Nullable HttpContext httpContext,
            @Nullable FutureCallback<AsyncConnectionEndpoint> callback) {
        connector.upgrade(cast(endpoint), attachment, callback);
    }

    private TlsConfig tlsConfig(HttpHost host) {
        Resolver<HttpHost, TlsConfig> resolver = tlsConfigs;
        TlsConfig config = resolver != null ? resolver.resolve(host) : null;
        return config != null ? config : TlsConfig.DEFAULT;
    }

    private HotEndpoint cast(AsyncConnectionEndpoint endpoint) {
        if (endpoint instanceof HotEndpoint hot && hot.manager == this) {
            return hot;
        }
        throw new IllegalStateException("Not an endpoint of this connection manager: " + endpoint);
    }

    // ---- ConnPoolControl

    @Override
    public void setMaxTotal(int max) {
        Args.positive(max, "Max value");
        limits.setMaxTotal(max);
    }

    @Override
    public int getMaxTotal() {
        return context.total.max();
    }

    @Override
    public void setDefaultMaxPerRoute(int max) {
        Args.positive(max, "Max value");
        limits.setDefaultMaxPerRoute(max);
    }

    @Override
    public int getDefaultMaxPerRoute() {
        return context.defaultMaxPerRoute();
    }

    @Override
    public void setMaxPerRoute(HttpRoute route, int max) {
        pool(route).setMaxConnections(max);
    }

    @Override
    public int getMaxPerRoute(HttpRoute route) {
        HostPool pool = pools.get(route);
        return pool != null ? pool.maxConnections() : context.defaultMaxPerRoute();
    }

    /** Sets how many connections may stay open without an exchange in flight, over all routes; 0 or more. */
    public void setMaxIdle(int max) {
        Args.notNegative(max, "Max value");
        limits.setMaxIdle(max);
    }

    public int getMaxIdle() {
        return context.maxIdle();
    }

    @Override
    public Set<HttpRoute> getRoutes() {
        return Set.copyOf(pools.keySet());
    }

    @Override
    public void closeIdle(TimeValue idleTime) {
        long longerThan = Math.max(0, idleTime.toNanoseconds());
        for (HostPool pool : pools.values()) {
            pool.decide(now -> pool.upkeep.retireUnused(CloseReason.REQUESTED, longerThan, now));
        }
    }

    @Override
    public void closeExpired() {
        for (HostPool pool : pools.values()) {
            pool.decide(pool.upkeep::retireExpired);
        }
    }

    @Override
    public PoolStats getTotalStats() {
        return Snapshots.stats(context, pools.values());
    }

    @Override
    public PoolStats getStats(HttpRoute route) {
        HostPool pool = pools.get(route);
        return pool != null ? Snapshots.stats(pool) : new PoolStats(0, 0, 0, context.defaultMaxPerRoute());
    }

    // ---- what a hot pool offers beyond

    /** Returns an immutable picture of the pool; taken route by route, each consistent in itself. */
    public PoolSnapshot snapshot() {
        return Snapshots.of(context, pools::values, health(), resources.read());
    }

    /** Opens so many connections of the route before they are needed, with the defaults of {@link Prewarm}. */
    public PrewarmProgress prewarm(HttpRoute route, int connections) {
        return prewarm(Prewarm.of(route, connections));
    }

    /** Opens connections before they are needed; returns at once. */
    public PrewarmProgress prewarm(Prewarm order) {
        ensureOpen();
        return warmUp.prewarm(order, pool(order.route()));
    }

    /**
     * Finds out anew what a route is like: forgets the protocol learned, resolves its addresses, retires connections to
     * others, and opens one connection. The future fails with what went wrong.
     */
    public CompletableFuture<RouteDiscovery> discover(HttpRoute route) {
        ensureOpen();
        return warmUp.discover(pool(route));
    }

    /** Keeps so many connections of the route ready at all times; negative: as many as the settings say. */
    public void setMinIdle(HttpRoute route, int connections) {
        HostPool pool = pool(route);
        pool.decide(now -> {
            pool.upkeep.setMinIdle(connections);
            pool.effects().wakeBy(now);
        });
    }

    /** Returns what the upkeep has done so far, and why connections have left the pool. */
    public MaintenanceReport maintenance() {
        return context.upkeepTally.report();
    }

    /** Returns the exits that routes are planned over, {@code null} where there is no choice. */
    public @Nullable Exits exits() {
        return context.addressing.exits();
    }

    /** Keeps several requests on one connection of the route: see {@link PinnedRoute}. */
    public PinnedRoute pin(HttpRoute route) {
        return new PinnedRoute(pool(route));
    }

    /** Retires every connection that has no exchange in flight; returns how many. */
    public int retireIdle() {
        int[] count = new int[1];
        for (HostPool pool : pools.values()) {
            pool.decide(now -> count[0] += pool.upkeep.retireUnused(CloseReason.REQUESTED, 0, now));
        }
        return count[0];
    }

    /** Checks every connection that has no exchange in flight and retires those that fail; returns how many it checks. */
    public int retireUnhealthy() {
        int[] count = new int[1];
        for (HostPool pool : pools.values()) {
            pool.decide(now -> count[0] += pool.upkeep.checkUnused());
        }
        return count[0];
    }

    /** Sets the config of every route. */
    public void setDefaultConnectionConfig(@Nullable ConnectionConfig config) {
        connectionConfigs = config == null ? null : route -> config;
    }

    public void setConnectionConfigResolver(@Nullable Resolver<HttpRoute, ConnectionConfig> resolver) {
        connectionConfigs = resolver;
    }

    /** @deprecated use {@link #setDefaultConnectionConfig} */
    @Deprecated
    @SuppressWarnings("InlineMeSuggester")
    public void setValidateAfterInactivity(@Nullable TimeValue validateAfterInactivity) {
        setDefaultConnectionConfig(ConnectionConfig.custom()
                .setValidateAfterInactivity(validateAfterInactivity)
                .build());
    }

    /** @deprecated there is no one value, it is the route's: as the stock manager's, that of the default config */
    @Deprecated
    @SuppressWarnings("InlineMeSuggester")
    public @Nullable TimeValue getValidateAfterInactivity() {
        return ConnectionConfig.DEFAULT.getValidateAfterInactivity();
    }

    /** Sets the TLS config of every host. */
    public void setDefaultTlsConfig(@Nullable TlsConfig config) {
        tlsConfigs = config == null ? null : host -> config;
    }

    public void setTlsConfigResolver(@Nullable Resolver<HttpHost, TlsConfig> resolver) {
        tlsConfigs = resolver;
    }

    /** Replaces limits and times at run time, with the host limits of before; see {@link #setSettings(PoolSettings, HostLimits)}. */
    public void setSettings(PoolSettings settings) {
        limits.setSettings(settings, context.hostLimits());
    }

    /**
     * Replaces limits and times at run time; whoever waits for a limit reacts at once.
     *
     * @throws IllegalArgumentException if the reserves of the host limits do not fit the total
     */
    public void setSettings(PoolSettings settings, HostLimits hostLimits) {
        limits.setSettings(settings, hostLimits);
    }

    /**
     * Takes over what differs between two settings, as those of a file before and after a change. A limit or time that does
     * not stays as it is, also where it was set by hand or has followed the load.
     *
     * @throws IllegalArgumentException if what comes of it is not allowed, or the reserves do not fit the total; nothing is
     *     changed then
     */
    public void changeSettings(PoolSettings before, PoolSettings next, HostLimits hostLimits) {
        limits.changeSettings(before, next, hostLimits);
    }

    /**
     * Replaces the limits by host pattern at run time; whoever waits for one reacts at once, and connections beyond them
     * are closed as they fall idle. A limit of a single route ({@link #setMaxPerRoute}) wins.
     *
     * @throws IllegalArgumentException if the reserves do not fit the total
     */
    public void setHostLimits(HostLimits hostLimits) {
        limits.setHostLimits(hostLimits);
    }

    /** Sets whether and how the limits follow the load; switched off, they stay where they are. */
    public void setSizing(SizingSettings settings) {
        sizing.setSettings(settings);
    }

    public HostLimits hostLimits() {
        return context.hostLimits();
    }

    /** Sets who of those that wait for a connection goes first, for all that begin to wait from now on. */
    public void setLeaseScheduling(LeaseScheduling scheduling) {
        context.setLeaseScheduling(scheduling);
    }

    public PoolSettings settings() {
        return context.settings();
    }

    /** Returns what can be asked and changed about addresses while the pool runs. */
    public PoolAddresses addresses() {
        return addresses;
    }

    /** Returns how the pool fares now. */
    public PoolHealth.Report health() {
        return addresses.health();
    }

    /** Has the listener told what happens from now on, besides those that are told already. */
    public void addListener(PoolListener listener) {
        context.addListener(listener);
    }

    /** Tells the listener nothing more; without effect if it is not told anything. */
    public void removeListener(PoolListener listener) {
        context.removeListener(listener);
    }

    /** Returns what the pool has learned, to be given to another one: see {@link PoolState}. */
    public PoolState state() {
        return PoolStates.of(this, Instant.now());
    }

    /** Takes over what another pool has learned; what this one knows by itself stays. */
    public void restore(PoolState state) {
        PoolStates.restore(this, state, Instant.now());
    }

    /** Takes over the state in the store, and saves this pool's there from time to time and when it is closed. */
    void keepState(StateStore store, Duration interval) {
        StateKeeper started = new StateKeeper(store, this::state, this::restore);
        keeper = started;
        started.start(interval);
    }

    // ---- closing

    /** Has the action run when the pool is closed, once its exchanges have ended; it must not wait for long. */
    public void onClose(Runnable action) {
        reactor.onShutDown(action);
    }

    public boolean isClosed() {
        return closed.get();
    }

    @Override
    public void close() {
        close(CloseMode.GRACEFUL);
    }

    /**
     * Closes the pool. Leases that wait fail, new ones are refused. {@code GRACEFUL} lets exchanges in flight finish
     * within the close timeout of the settings and returns when they have; {@code IMMEDIATE} fails them. Called on a
     * thread of the pool itself, it returns at once and the closing goes on elsewhere.
     */
    @Override
    public void close(CloseMode mode) {
        if (closed.compareAndSet(false, true)) {
            new Closing(this, keeper).run(mode, reactor);
        }
    }

    static Exception shutDown() {
        return new ConnectionClosedException("Connection pool shut down");
    }

    @Nullable
    HostPool hostPool(HttpRoute route) {
        return pools.get(route);
    }

    long now() {
        return clock.getAsLong();
    }

    int idle() {
        return context.idle.get();
    }
}
