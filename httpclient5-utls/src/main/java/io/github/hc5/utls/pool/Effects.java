package io.github.hc5.utls.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was decided under the lock of a {@link HostPool} and is done after it is released: sockets closed, futures
 * completed, permits asked for and given back, listeners told. Made only when there is something to do; the lease and
 * release of a hot connection makes none.
 *
 * <p>A completed future runs its owner's callback, which may release at once and so grant the next waiter, whose
 * callback may do the same: with a thousand waiters the stack would overflow. So grants and failures are delivered by
 * a loop: a thread that is already delivering only appends to its own list (a trampoline).
 */
final class Effects {

    private static final Logger LOG = LoggerFactory.getLogger(HostPool.class);
    private static final ThreadLocal<@Nullable ArrayDeque<Runnable>> DELIVERING = new ThreadLocal<>();

    private final HostPool pool;
    private final List<Runnable> deliveries = new ArrayList<>(2);
    private final List<HotConnection> closing = new ArrayList<>(2);
    private final List<HotConnection> closingNow = new ArrayList<>(0);
    private final List<HotConnection> gone = new ArrayList<>(2);
    private final List<LeasePermits.Permit> permits = new ArrayList<>(1);
    private final List<HotConnection> checks = new ArrayList<>(1);
    private final List<HotConnection> opens = new ArrayList<>(1);
    private final List<Consumer<PoolListener>> events = new ArrayList<>(1);
    private final List<HotConnection> probes = new ArrayList<>(0);
    private boolean refresh;
    private boolean recover;
    private boolean slotFreed;
    private boolean starved;
    private int permitsWanted;
    private long wakeBy = LeaseQueue.NONE;

    Effects(HostPool pool) {
        this.pool = pool;
    }

    void grant(LeaseRequest request, HotConnection connection) {
        deliveries.add(() -> pool.context.services.deliver(request, connection));
    }

    void fail(LeaseRequest request, Exception cause) {
        deliveries.add(() -> {
            if (request.failed(cause)) {
                pool.tallies.general().increment(Tally.Count.LEASES_FAILED);
                tell(() -> pool.context.listener().leaseFailed(pool.route, cause));
            }
        });
    }

    void queued(LeaseRequest request, int position) {
        if (request.deadlineNanos != LeaseQueue.NONE) {
            wakeBy(request.deadlineNanos);
        }
        if (pool.context.listener() != PoolListener.NONE) {
            events.add(listener -> listener.leaseQueued(pool.route, position));
        }
    }

    void opened(HotConnection connection, long openNanos) {
        events.add(listener -> listener.opened(pool.route, snapshot(connection), openNanos));
    }

    void retired(HotConnection connection, CloseReason reason) {
        event(listener -> listener.retired(pool.route, snapshot(connection), reason));
    }

    void openFailed(Exception cause) {
        events.add(listener -> listener.openFailed(pool.route, cause));
    }

    void checked(HotConnection connection, boolean healthy) {
        pool.context.upkeepTally.checked(healthy);
        events.add(listener -> listener.checked(pool.route, snapshot(connection), healthy));
    }

    private ConnectionSnapshot snapshot(HotConnection connection) {
        return connection.snapshot(pool.context.clock.getAsLong());
    }

    void close(HotConnection connection) {
        closing.add(connection);
    }

    void closeNow(HotConnection connection) {
        closingNow.add(connection);
    }

    void gone(HotConnection connection) {
        gone.add(connection);
        slotFreed = true;
    }

    void give(LeasePermits.Permit permit) {
        permits.add(permit);
    }

    void check(HotConnection connection) {
        checks.add(connection);
    }

    void open(HotConnection connection) {
        opens.add(connection);
    }

    /** Opens a connection that is to find out if its address is well again. */
    void probe(HotConnection connection) {
        probes.add(connection);
    }

    /** Has the addresses of the host resolved anew. */
    void refresh() {
        refresh = true;
    }

    /** Has the failed host discovered anew. */
    void recover() {
        recover = true;
    }

    /** Tells the listener, if there is one. */
    void event(Consumer<PoolListener> event) {
        if (pool.context.listener() != PoolListener.NONE) {
            events.add(event);
        }
    }

    void wantPermit() {
        permitsWanted++;
    }

    void wakeBy(long nanos) {
        wakeBy = Math.min(wakeBy, nanos);
    }

    void starve() {
        starved = true;
    }

    /** Whatever a permit or an opener throws, those who wait are told. */
    void run() {
        try {
            act();
        } finally {
            deliver();
        }
    }

    private void act() {
        PoolContext context = pool.context;
        for (HotConnection connection : closing) {
            close(connection, CloseMode.GRACEFUL);
        }
        for (HotConnection connection : closingNow) {
            close(connection, CloseMode.IMMEDIATE);
        }
        for (LeasePermits.Permit permit : permits) {
            permit.release();
        }
        for (HotConnection connection : gone) {
            report(connection);
        }
        for (HotConnection connection : opens) {
            context.services.open(connection);
        }
        for (HotConnection connection : checks) {
            context.services.check(connection);
        }
        for (HotConnection connection : probes) {
            context.services.probe(connection);
        }
        if (refresh) {
            context.services.refresh(pool);
        }
        if (recover) {
            context.services.recover(pool);
        }
        for (int i = 0; i < permitsWanted; i++) {
            pool.permits.ask();
        }
        if (context.listener() != PoolListener.NONE) {
            for (Consumer<PoolListener> event : events) {
                tell(() -> event.accept(context.listener()));
            }
        }
        if (slotFreed) {
            context.total.wake();
        }
        if (starved) {
            context.total.starve(pool);
            if (pool.limits.starvedIn.get() != null) {
                context.services.makeRoom(pool);
            }
        }
        if (wakeBy != LeaseQueue.NONE) {
            context.services.wakeBy(pool, wakeBy);
        }
    }

    /** Graceful: lets the handler say goodbye. Without a session there is a dial to call off. */
    static void close(HotConnection connection, CloseMode mode) {
        DialAttempt dial = connection.dial();
        if (dial != null) {
            dial.abort();
        }
        ProtocolIOSession session = connection.session;
        if (session == null) {
            return;
        }
        if (mode == CloseMode.GRACEFUL) {
            session.enqueue(new ShutdownCommand(CloseMode.GRACEFUL), Command.Priority.IMMEDIATE);
        } else {
            session.close(mode);
        }
    }

    private void report(HotConnection connection) {
        CloseReason reason = connection.reason != null ? connection.reason : CloseReason.ENDED;
        pool.context.upkeepTally.closed(reason);
        PoolListener listener = pool.context.listener();
        if (listener != PoolListener.NONE) {
            tell(() -> listener.closed(pool.route, snapshot(connection), reason, connection.failure));
        }
    }

    private void deliver() {
        if (deliveries.isEmpty()) {
            return;
        }
        ArrayDeque<Runnable> running = DELIVERING.get();
        if (running != null) {
            running.addAll(deliveries);
            return;
        }
        running = new ArrayDeque<>(deliveries);
        DELIVERING.set(running);
        Error error = null;
        for (Runnable r = running.poll(); r != null; r = running.poll()) {
            try {
                r.run();
            } catch (RuntimeException e) {
                LOG.error("a lease callback failed for {}", pool.route, e);
            } catch (Error e) {
                // the others who are to be told cannot help it
                error = e;
            }
        }
        DELIVERING.remove();
        if (error != null) {
            throw error;
        }
    }

    /** Calls a listener; what it throws, or what its class path lacks, must not disturb the pool nor end its I/O thread. */
    static void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException | LinkageError e) {
            listenerFailed(e);
        }
    }

    static void listenerFailed(Throwable cause) {
        LOG.warn("a pool listener failed", cause);
    }
}
