package io.github.hc5.utls.pool;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one route and the leases that wait for them.
 *
 * <p>A shared HTTP/2 connection with a free stream is leased and released without the lock, by compare-and-set on its
 * {@link LeaseState}; everything else is decided under the lock of this route and done after it ({@link Effects}). A
 * lease tries, in this order: a shared connection, an idle one, one being opened that may turn out to be shared
 * ({@link ColdStart}; the request waits for it), a new one if the limits allow; else the request waits. Whatever makes
 * room (a release, an end, a raised limit, a grown stream limit) serves the queue from its head.
 *
 * <p>No waiter is lost between the lock-free release and the queue: a waiter is counted in {@code waiting} before it
 * looks for a connection a last time; a release gives its lease back before it reads {@code waiting}. One of the two
 * sees the other.
 *
 * <p>The lock of a host pool is never taken while that of another one is held, and nothing is called under it but the
 * pool's own bookkeeping.
 */
final class HostPool {

    final HttpRoute route;
    final PoolContext context;
    final HostOpenings openings;
    final HostOutcomes outcomes;
    final HostChecks checks;
    final RouteLimits limits;
    final RouteTallies tallies = new RouteTallies();

    /** Guarded by lock, but for what it says. */
    final HostTargets targets;

    /** Guarded by lock. */
    final HostUpkeep upkeep;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by lock. */
    final ConnectionSlots slots = new ConnectionSlots(this);

    /** Guarded by lock. */
    final LeaseQueue queue = new LeaseQueue();

    /** Guarded by lock. */
    final ColdStart coldStart = new ColdStart();

    /** Guarded by lock. */
    final IdleConnections idle;

    /** Guarded by lock. */
    final HostPermits permits = new HostPermits(this);

    /** Guarded by lock: what is to be done once it is released. */
    private @Nullable Effects effects;

    /** Guarded by lock: set for good when the pool is closed. */
    private @Nullable Exception closed;

    /** Read without the lock. */
    private final SharedConnections shared;

    /** Written under lock, read without: how many requests wait. */
    private volatile int waiting;

    /** Written under lock, read without: more connections than allowed. */
    private volatile boolean overLimit;

    /** When its upkeep is due; lowered by whoever causes something to become due. */
    private final AtomicLong due = new AtomicLong(LeaseQueue.NONE);

    private volatile RouteTimes times;

    /** Written under lock. */
    private volatile boolean forgotten;

    private final BiConsumer<HotConnection, CloseReason> retire = this::retire;
    private final BiConsumer<HotConnection, CloseReason> retireLocked = this::retireLocked;

    HostPool(HttpRoute route, PoolContext context) {
        this.route = route;
        this.context = context;
        this.limits = new RouteLimits(this);
        this.targets = new HostTargets(this);
        this.shared = new SharedConnections(targets);
        this.checks = new HostChecks(this);
        this.openings = new HostOpenings(this);
        this.outcomes = new HostOutcomes(this);
        this.upkeep = new HostUpkeep(this);
        this.idle = new IdleConnections(this, context.lifo);
        PoolMemory.Protocol learned = context.memory.take(PoolMemory.Host.of(route));
        if (learned != null) {
            coldStart.recall(learned);
        }
        this.times = RouteTimes.of(null, context.settings());
    }

    /** Returns the times for the config, computed anew only when the config is another object than before. */
    RouteTimes times(@Nullable ConnectionConfig config) {
        RouteTimes current = times;
        if (current.source() != config) {
            current = RouteTimes.of(config, context.settings());
            times = current;
        }
        return current;
    }

    RouteTimes times() {
        return times;
    }

    int waiting() {
        return waiting;
    }

    int maxConnections() {
        return limits.maxConnections();
    }

    boolean isForgotten() {
        return forgotten;
    }

    /** Under lock. */
    boolean isClosed() {
        return closed != null || forgotten;
    }

    /** Decides under the lock, then does what was decided. */
    void decide(LongConsumer underLock) {
        Effects after;
        lock.lock();
        try {
            underLock.accept(context.clock.getAsLong());
            after = takeEffects();
        } finally {
            lock.unlock();
        }
        run(after);
    }

    // ---- upkeep

    long dueNanos() {
        return due.get();
    }

    void lowerDue(long nanos) {
        due.accumulateAndGet(nanos, Math::min);
    }

    /** Does the upkeep that is due. */
    void maintain() {
        due.set(LeaseQueue.NONE);
        decide(now -> lowerDue(upkeep.run(now)));
    }

    /** Gives the route up if it holds nothing and has long not been used; it then grants nothing any more. */
    boolean tryForget() {
        decide(now -> {
            if (!forgotten && upkeep.isForgettable(now)) {
                forgotten = true;
                context.gone.add(RouteSnapshot.host(route), tallies.parts(slots.view()));
                PoolStates.keep(this);
            }
        });
        return forgotten;
    }

    // ---- leasing

    /** Leases a connection if one can be had without waiting; the caller dials it if it is opening. */
    @Nullable
    HotConnection tryLease(@Nullable Object state, @Nullable LeaseWish wish, RouteTimes leaseTimes, long now) {
        if (waiting == 0 && !targets.isUncovered() && !(state instanceof PinnedRoute)) {
            HotConnection connection = shared.lease(state, wish, LeaseWish.avoidsAny(wish), leaseTimes, now, retire);
            if (connection != null) {
                return connection;
            }
        }
        HotConnection connection;
        Effects after;
        lock.lock();
        try {
            connection = queue.isEmpty() && closed == null && !forgotten
                    ? acquire(state, wish, leaseTimes, now, false)
                    : null;
            after = takeEffects();
        } finally {
            lock.unlock();
        }
        run(after);
        return connection;
    }

    /** Grants the request or puts it at the end of the queue; returns false if the route has been given up. */
    boolean submit(LeaseRequest request) {
        decide(now -> {
            if (forgotten) {
                return;
            }
            upkeep.asked(now);
            if (closed != null) {
                effects().fail(request, closed);
            } else {
                queue.add(request, context.leaseScheduling());
                serveLocked(now);
                if (request.queued) {
                    request.waited = true;
                    tallies.general().increment(Tally.Count.LEASES_QUEUED);
                    effects().queued(request, queue.size());
                }
            }
        });
        return !forgotten;
    }

    /** Forgets a request that was cancelled; if it had been granted, its delivery gives the connection back. */
    void abandon(LeaseRequest request) {
        decide(now -> {
            if (queue.remove(request)) {
                serveLocked(now);
            }
        });
    }

    /** Serves the queue: something may have made room. */
    void serve() {
        decide(this::serveLocked);
    }

    /** A shared connection allows more exchanges than before. */
    void capacityGrown() {
        if (waiting > 0) {
            serve();
        }
    }

    private @Nullable HotConnection acquire(
            @Nullable Object state, @Nullable LeaseWish wish, RouteTimes leaseTimes, long now, boolean waits) {
        if (state instanceof PinnedRoute pin) {
            return pin.acquire(leaseTimes, now, waits);
        }
        HotConnection connection = openings.allocateWanted(state, wish, now);
        if (connection == null && LeaseWish.avoidsAny(wish)) {
            connection = leaseOpen(state, wish, true, leaseTimes, now);
            if (connection == null) {
                connection = openings.allocateElsewhere(state, wish, now);
            }
        }
        if (connection == null) {
            connection = leaseOpen(state, wish, false, leaseTimes, now);
        }
        if (connection == null && targets.order.allowsAnother() && !coldStart.joins(state, queue.size())) {
            connection = openings.allocate(state, wish, true, now, waits);
        }
        return connection;
    }

    private @Nullable HotConnection leaseOpen(
            @Nullable Object state, @Nullable LeaseWish wish, boolean strict, RouteTimes leaseTimes, long now) {
        HotConnection connection = shared.lease(state, wish, strict, leaseTimes, now, retireLocked);
        return connection != null ? connection : idle.lease(state, wish, strict, leaseTimes, now);
    }

    void serveLocked(long now) {
        for (LeaseRequest late = queue.pollExpired(now); late != null; late = queue.pollExpired(now)) {
            effects().fail(late, LeaseTimeouts.of(this, late, now));
        }
        // counted before the last look for a connection: see the class comment
        waiting = queue.size();
        boolean exhausted = false;
        for (LeaseRequest r = queue.first(); r != null; ) {
            LeaseRequest next = queue.next();
            if (r.isDone()) {
                queue.remove(r);
            } else if (!exhausted || r.state != null) {
                HotConnection connection = acquire(r.state, r.wish, r.times, now, true);
                if (connection != null) {
                    queue.removeGranted(r);
                    effects().grant(r, connection);
                } else if (r.state == null) {
                    // what this one cannot have, no other without a token can
                    exhausted = true;
                    if (!queue.hasStateful()) {
                        break;
                    }
                }
            }
            r = next;
        }
        waiting = queue.size();
        if (waiting == 0) {
            permits.giveBack();
        }
    }

    // ---- release

    /** Gives a lease back. {@code keepAliveNanos} limits the reuse if positive. */
    void release(HotConnection connection, @Nullable Object state, long keepAliveNanos, long now) {
        targets.gaveBack(connection);
        if (connection.shared) {
            releaseShared(connection, state, keepAliveNanos, now);
            return;
        }
        Effects after;
        lock.lock();
        try {
            if (!connection.isOpening()) {
                connection.used(now, keepAliveNanos);
                connection.givenBack(state);
                if (!connection.isOpen()) {
                    retireLocked(connection, CloseReason.ENDED);
                }
            } else if (connection.dial() == null || queue.isEmpty() || ConnectionOpener.becomesTunnel(route)) {
                coldStart.failed(connection, connection.session != null && !queue.isEmpty());
                retireLocked(connection, CloseReason.NOT_OPENED);
            }
            // else the dial goes on without its owner: others wait for it; of a tunnel only the owner can send the
            // CONNECT
            if (connection.unlease() == LeaseState.Left.AVAILABLE) {
                context.idle.incrementAndGet();
                connection.passivate();
                idle.add(connection);
            }
            settle(connection, now);
            after = takeEffects();
        } finally {
            lock.unlock();
        }
        run(after);
    }

    private void releaseShared(HotConnection connection, @Nullable Object state, long keepAliveNanos, long now) {
        connection.used(now, keepAliveNanos);
        if (state != null) {
            connection.givenBack(state);
        }
        LeaseState.Left left = connection.unlease();
        boolean keep = left == LeaseState.Left.IN_USE;
        if (left == LeaseState.Left.AVAILABLE) {
            connection.passivate();
            RouteTimes current = times;
            if (current.socketTimeout() != null && connection.inUse() > 0) {
                // leased anew in the meantime
                connection.activate(current);
            }
            keep = context.idle.incrementAndGet() <= context.maxIdle() && !overLimit && !limits.exceedTotal();
        }
        if (!keep || waiting > 0) {
            decide(ignored -> settle(connection, now));
        }
    }

    /** After a lease of this connection has ended: trims what is too much, serves who waits. */
    private void settle(HotConnection connection, long now) {
        if (connection.isRetired()) {
            slots.closeIfUnused(connection, now);
        } else if ((overLimit || limits.exceedTotal()) && connection.isUnused()) {
            retireLocked(connection, CloseReason.OVER_LIMIT);
        }
        if (waiting > 0) {
            serveLocked(now);
        }
        if (connection.isUnused() && !connection.isRetired() && context.idle.get() > context.maxIdle()) {
            retireLocked(connection, CloseReason.IDLE_LIMIT);
        }
    }

    /** Under lock: lets an opened connection be leased. */
    void list(HotConnection connection, boolean available) {
        if (connection.shared) {
            shared.add(connection);
        } else if (available) {
            idle.add(connection);
        }
    }

    // ---- the end of a connection

    void retire(HotConnection connection, CloseReason reason) {
        decide(now -> {
            retireLocked(connection, reason);
            serveLocked(now);
        });
    }

    void retireLocked(HotConnection connection, CloseReason reason) {
        slots.retire(connection, reason, context.clock.getAsLong());
    }

    /** Takes a retired connection from the lists it can be leased from. */
    void unlist(HotConnection connection) {
        targets.left(connection);
        idle.remove(connection);
        shared.remove(connection);
        coldStart.end(connection);
    }

    void slotFreed(long now) {
        upkeep.readyChanged(now);
        overLimit = slots.size() > maxConnections();
        targets.recount();
    }

    /** The session is over. */
    void ended(HotConnection connection) {
        decide(now -> {
            connection.over = true;
            if (!connection.isOpening() || connection.isRetired()) {
                retireLocked(connection, CloseReason.ENDED);
                serveLocked(now);
            }
        });
    }

    // ---- settings, closing

    void settingsChanged() {
        times = RouteTimes.of(times.source(), context.settings());
        limitsChanged();
    }

    void setMaxConnections(int max) {
        limits.setOwn(max);
        limitsChanged();
    }

    /** Goes by the host limits in force now, without taking anything. */
    void adoptLimits() {
        decide(now -> limits.adopt());
    }

    /** Trims at once what is too much, as far as it is unused, and serves who may have waited for the limit. */
    void limitsChanged() {
        decide(now -> {
            slots.trim(now);
            overLimit = slots.size() > maxConnections();
            targets.recount();
            serveLocked(now);
        });
    }

    /** Gives the connection of a pin back to all. */
    void unpin(PinnedRoute pin) {
        decide(now -> {
            pin.release();
            serveLocked(now);
        });
    }

    /** Takes no more requests, fails those that wait, and retires every connection as its exchanges end. */
    void close(Exception cause) {
        decide(now -> {
            closed = cause;
            for (LeaseRequest r = queue.first(); r != null; r = queue.first()) {
                queue.remove(r);
                effects().fail(r, cause);
            }
            slots.retireAll(CloseReason.POOL_CLOSED, now);
            serveLocked(now);
        });
    }

    // ---- effects

    /** Under lock. */
    Effects effects() {
        Effects e = effects;
        if (e == null) {
            e = new Effects(this);
            effects = e;
        }
        return e;
    }

    private @Nullable Effects takeEffects() {
        Effects e = effects;
        effects = null;
        return e;
    }

    private static void run(@Nullable Effects effects) {
        if (effects != null) {
            effects.run();
        }
    }
}
