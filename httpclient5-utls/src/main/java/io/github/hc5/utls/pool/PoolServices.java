package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.PoolHealth;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.concurrent.FutureCallback;

/** What the host pools of a manager ask of it. Thread-safe. */
final class PoolServices implements PoolContext.Services {

    private static final long HEALTH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HotConnectionManager manager;
    private final AtomicLong healthDue = new AtomicLong(Long.MIN_VALUE);

    PoolServices(HotConnectionManager manager) {
        this.manager = manager;
    }

    @Override
    public void deliver(LeaseRequest request, HotConnection connection) {
        manager.delivery.deliver(request, connection);
    }

    @Override
    public void check(HotConnection connection) {
        long timeout = manager.context.settings().checkTimeout().toNanos();
        ConnectionCheck.start(
                connection,
                manager.context.clock,
                manager.timer,
                timeout,
                healthy -> connection.pool.checks.checked(connection, healthy));
    }

    @Override
    public void open(HotConnection connection) {
        manager.warmUp.open(connection, null);
    }

    @Override
    public void probe(HotConnection connection) {
        AddressProbe.start(connection, manager.warmUp, manager.timer);
    }

    @Override
    public void refresh(HostPool pool) {
        manager.opener.addresses().refresh(manager.opener.firstHop(pool.route), new FutureCallback<>() {
            @Override
            public void completed(List<InetSocketAddress> addresses) {
                pool.decide(now -> pool.targets.resolved(addresses, now));
            }

            @Override
            public void failed(Exception cause) {
                // those known are kept; there is another try after the interval
            }

            @Override
            public void cancelled() {}
        });
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // both outcomes are dealt with
    public void recover(HostPool pool) {
        manager.warmUp.discover(pool).whenComplete((found, failure) -> {
            if (failure != null) {
                pool.targets.health.recoveryFailed(manager.now());
                pool.decide(now -> pool.effects().wakeBy(pool.targets.upkeep.due()));
            } else {
                pool.targets.health.recovered();
                pool.decide(now -> {
                    var report = pool.targets.health.report(now);
                    pool.effects().event(listener -> listener.hostHealthChanged(pool.route, report));
                    pool.upkeep.readyChanged(now);
                });
            }
        });
    }

    /** Looks at the pool's health once a second at most, and only while there are exchanges. */
    @Override
    public void exchangeEnded(long now) {
        PoolListener listener = manager.context.listener();
        long due = healthDue.get();
        if (listener == PoolListener.NONE
                || (due != Long.MIN_VALUE && now < due)
                || !healthDue.compareAndSet(due, now + HEALTH_NANOS)) {
            return;
        }
        PoolHealth.Report change = manager.addresses().healthChange();
        if (change != null) {
            Effects.tell(() -> listener.poolHealthChanged(change));
        }
    }

    @Override
    public void makeRoom(HostPool needy) {
        HostPool best = null;
        long oldest = Long.MAX_VALUE;
        for (HostPool pool : manager.pools.values()) {
            boolean helps = pool != needy && manager.context.total.makesRoom(pool.limits.share(), needy.limits.share());
            long since = helps ? Snapshots.oldestUnused(pool) : Long.MAX_VALUE;
            if (since < oldest) {
                oldest = since;
                best = pool;
            }
        }
        if (best != null) {
            HostPool pool = best;
            pool.decide(pool.slots::evictAny);
        }
    }

    @Override
    public void wakeBy(HostPool pool, long nanos) {
        pool.lowerDue(nanos);
        manager.maintainer.wakeBy(nanos);
    }
}
