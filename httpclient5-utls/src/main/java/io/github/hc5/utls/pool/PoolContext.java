package io.github.hc5.utls.pool;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** What the {@link HostPool}s of one manager share. Thread-safe. */
final class PoolContext {

    /** What a host pool asks of its manager, always outside its lock. */
    interface Services {

        /** Hands a granted request its endpoint, or gives the connection back if the request was cancelled. */
        void deliver(LeaseRequest request, HotConnection connection);

        /** Checks a connection in state checking and reports to {@link HostPool#checked}. */
        void check(HotConnection connection);

        /** Opens a connection nobody has leased. */
        void open(HotConnection connection);

        /** Opens a connection to an address that is out, and finds out if it is well again. */
        void probe(HotConnection connection);

        /** Resolves the addresses of a route anew. */
        void refresh(HostPool pool);

        /** Discovers a failed host anew. */
        void recover(HostPool pool);

        /** An exchange is over: the health of the pool may have changed. */
        void exchangeEnded(long now);

        /** Closes an unused connection of another route for the sake of this one, which waits for the total limit. */
        void makeRoom(HostPool needy);

        /** The upkeep of this route must run at this moment or before. */
        void wakeBy(HostPool pool, long nanos);
    }

    final TotalLimit total;
    final PoolMemory memory = new PoolMemory();
    final AtomicInteger idle = new AtomicInteger();
    final LeasePermits permits;
    final LongSupplier clock;
    final DoubleSupplier random;
    final Addressing addressing;
    final Services services;
    final boolean lifo;
    final GoneRoutes gone = new GoneRoutes();
    final MaintenanceTally upkeepTally = new MaintenanceTally();
    private volatile PoolListener listener;
    private volatile PoolSettings settings;
    private volatile LeaseScheduling leaseScheduling = LeaseScheduling.fifo();
    private volatile HostLimits hostLimits = HostLimits.NONE;
    private volatile int maxIdle;
    private volatile int defaultMaxPerRoute;

    PoolContext(
            PoolSettings settings,
            LeasePermits permits,
            PoolListener listener,
            LongSupplier clock,
            DoubleSupplier random,
            boolean lifo,
            Addressing addressing,
            Services services) {
        this.settings = settings;
        this.total = new TotalLimit(settings.maxTotal());
        this.maxIdle = settings.maxIdle();
        this.defaultMaxPerRoute = settings.maxPerRoute();
        this.permits = permits;
        this.listener = listener;
        this.clock = clock;
        this.random = random;
        this.lifo = lifo;
        this.addressing = addressing;
        this.services = services;
    }

    static DoubleSupplier threadRandom() {
        return () -> ThreadLocalRandom.current().nextDouble();
    }

    PoolListener listener() {
        return listener;
    }

    synchronized void addListener(PoolListener added) {
        listener = ListenerList.with(listener, added);
    }

    synchronized void removeListener(PoolListener removed) {
        listener = ListenerList.without(listener, removed);
    }

    PoolSettings settings() {
        return settings;
    }

    /** Leaves the limits in force as they are. */
    void setSettings(PoolSettings newSettings) {
        settings = newSettings;
    }

    LeaseScheduling leaseScheduling() {
        return leaseScheduling;
    }

    void setLeaseScheduling(LeaseScheduling scheduling) {
        leaseScheduling = scheduling;
    }

    HostLimits hostLimits() {
        return hostLimits;
    }

    void setHostLimits(HostLimits limits) {
        hostLimits = limits;
    }

    int maxIdle() {
        return maxIdle;
    }

    void setMaxIdle(int max) {
        maxIdle = max;
    }

    int defaultMaxPerRoute() {
        return defaultMaxPerRoute;
    }

    void setDefaultMaxPerRoute(int max) {
        defaultMaxPerRoute = max;
    }

    boolean permitsUnlimited() {
        return permits == UnlimitedPermits.INSTANCE;
    }

    double lifeFactor() {
        double jitter = settings.lifetimeJitter();
        return jitter == 0 ? 1 : 1 - jitter * random.getAsDouble();
    }
}
