package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.Outcome;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.jspecify.annotations.Nullable;

/**
 * One connection being dialled: addresses found and put in order, a race for the first that answers ({@link ConnectRace}),
 * then TLS within its own timeout; where TLS fails, the race goes on with the addresses left. All connecting shares one
 * connect timeout, and at most so many addresses are tried. The callback comes exactly once: completed with the session,
 * failed with what each address said, or cancelled. Whatever arrives after that is closed.
 *
 * <p>The addresses left and the failures are guarded by this; nothing is called under it.
 */
final class DialAttempt {

    private final ConnectionOpener opener;
    private final HotConnection connection;
    private final HostPool pool;
    private final DialPlan plan;
    private final FutureCallback<ProtocolIOSession> callback;
    private final AtomicBoolean done = new AtomicBoolean();
    private final DialFailures failures;
    private final Deque<Target> left = new ArrayDeque<>();
    private final Map<SocketAddress, Target> begun = new HashMap<>();
    private int tried;
    private volatile @Nullable Cancellable lookup;
    private volatile @Nullable ConnectRace race;
    private volatile @Nullable Handshake handshake;
    private volatile long deadlineNanos = LeaseQueue.NONE;

    DialAttempt(
            ConnectionOpener opener,
            HotConnection connection,
            DialPlan plan,
            FutureCallback<ProtocolIOSession> callback) {
        this.opener = opener;
        this.connection = connection;
        this.pool = connection.pool;
        this.plan = plan;
        this.callback = callback;
        this.failures = new DialFailures(plan.host());
    }

    void start() {
        SocketAddress fixed = plan.address();
        if (fixed instanceof InetSocketAddress inet) {
            found(List.of(inet));
        } else if (fixed != null) {
            race(new Race(fixed));
        } else {
            lookup = opener.addresses().find(plan.host(), new FutureCallback<>() {
                @Override
                public void completed(List<InetSocketAddress> addresses) {
                    found(addresses);
                }

                @Override
                public void failed(Exception cause) {
                    fail(cause);
                }

                @Override
                public void cancelled() {
                    cancel();
                }
            });
        }
    }

    /** Calls the dial off; the callback is told unless it was before. */
    void abort() {
        cancel();
    }

    // ---- TCP

    private void found(List<InetSocketAddress> addresses) {
        HostTargets targets = pool.targets;
        pool.decide(now -> {
            targets.resolved(addresses, now);
            targets.assign(connection);
            List<Target> order = targets.order.dialOrder(connection, connection.wish);
            synchronized (this) {
                left.addAll(order);
            }
        });
        boolean none;
        synchronized (this) {
            none = left.isEmpty();
        }
        if (none) {
            String refused = addresses.stream().map(DialFailures::text).collect(Collectors.joining(", "));
            fail(new AddressesRefusedException("Connect to " + plan.host()
                    + " failed: the address filter or a ban refuses " + "every address: " + refused));
        } else {
            race(new Race(null));
        }
    }

    private void race(Race listener) {
        if (plan.connectTimeout().getDuration() > 0) {
            deadlineNanos =
                    pool.context.clock.getAsLong() + plan.connectTimeout().toNanoseconds();
        }
        race(listener, deadlineNanos);
    }

    private void race(Race listener, long deadline) {
        ConnectRace next = new ConnectRace(opener, this, connection, plan, deadline, listener);
        race = next;
        if (done.get()) {
            next.abort();
        } else {
            next.advance();
        }
    }

    private final class Race implements ConnectRace.Listener {

        private @Nullable SocketAddress only;

        Race(@Nullable SocketAddress only) {
            this.only = only;
        }

        @Override
        public @Nullable SocketAddress next() {
            if (done.get()) {
                return null;
            }
            SocketAddress fixed = only;
            only = null;
            if (fixed != null) {
                return fixed;
            }
            Target target = take();
            return target != null ? target.socketAddress : null;
        }

        @Override
        public void failed(SocketAddress address, Exception cause) {
            DialAttempt.this.failed(address, cause, false);
        }

        @Override
        public void won(SocketAddress address, ProtocolIOSession session, DialEvents events, long elapsedNanos) {
            connected(address, session, events);
        }

        @Override
        public void lost() {
            fail(null);
        }
    }

    /** The next address to try, unless so many have been tried or the time is up. */
    private @Nullable Target take() {
        long now = pool.context.clock.getAsLong();
        synchronized (this) {
            if (tried > 0 && (tried >= plan.most() || (deadlineNanos != LeaseQueue.NONE && now >= deadlineNanos))) {
                return null;
            }
            // what has gone out of use since they were put in order comes last, what the filter refuses now not at all
            left.stream()
                    .filter(target -> connection.isProbe || pool.targets.isUsable(target))
                    .findFirst()
                    .ifPresent(usable -> {
                        left.remove(usable);
                        left.addFirst(usable);
                    });
            for (Target target = left.poll(); target != null; target = left.poll()) {
                if (pool.targets.mayDial(target)) {
                    tried++;
                    begun.put(target.socketAddress, target);
                    return target;
                }
            }
            return null;
        }
    }

    private synchronized @Nullable Target target(SocketAddress address) {
        return begun.get(address);
    }

    private void failed(SocketAddress address, Exception cause, boolean duringHandshake) {
        synchronized (this) {
            failures.add(address, cause, duringHandshake);
        }
        if (done.get()) {
            return;
        }
        Target target = target(address);
        if (target != null && !duringHandshake && Routability.isNoRoute(cause, plan.localAddress() != null)) {
            pool.outcomes.noRoute(target, cause);
        } else {
            pool.outcomes.dialEnded(target, Outcomes.ofDial(cause, duringHandshake));
        }
    }

    private void connected(SocketAddress address, ProtocolIOSession session, DialEvents events) {
        TlsStrategy tls = plan.tls();
        if (done.get()) {
            events.drop();
            session.close(CloseMode.IMMEDIATE);
            return;
        }
        pool.outcomes.dialled(connection, target(address));
        events.choose();
        if (tls == null) {
            complete(session, events, address);
        } else {
            new Handshake(session, events, address).start(tls);
        }
    }

    // ---- TLS

    /** The session has ended: returns whether that was during this attempt's handshake, which then has failed. */
    boolean handshakeEnded(DialEvents events, @Nullable Exception cause) {
        Handshake current = handshake;
        if (current == null || current.events != events) {
            return false;
        }
        return current.fails(
                cause != null
                        ? cause
                        : new ConnectionClosedException("Connection closed by peer during TLS handshake"));
    }

    private final class Handshake implements FutureCallback<TransportSecurityLayer> {

        private final ProtocolIOSession session;
        private final DialEvents events;
        private final SocketAddress address;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile @Nullable Cancellable limit;
        private volatile long startNanos;

        Handshake(ProtocolIOSession session, DialEvents events, SocketAddress address) {
            this.session = session;
            this.events = events;
            this.address = address;
        }

        void start(TlsStrategy tls) {
            startNanos = pool.context.clock.getAsLong();
            handshake = this;
            limit = opener.timer()
                    .schedule(this::timedOut, plan.handshakeTimeout().toNanoseconds());
            try {
                tls.upgrade(
                        new WatchedTls(session, connection),
                        plan.tlsName(),
                        plan.tlsConfig(),
                        plan.handshakeTimeout(),
                        this);
            } catch (RuntimeException e) {
                failed(e);
            }
            if (done.get()) {
                abort();
            }
        }

        @Override
        public void completed(TransportSecurityLayer layer) {
            if (end()) {
                long elapsedNanos = pool.context.clock.getAsLong() - startNanos;
                connection.handshaken(elapsedNanos);
                TlsHandshake.tell(connection, session, elapsedNanos, null);
                complete(session, events, address);
            }
        }

        @Override
        public void failed(Exception cause) {
            fails(cause);
        }

        private boolean fails(Exception cause) {
            if (!end()) {
                return false;
            }
            TlsHandshake.tell(connection, session, pool.context.clock.getAsLong() - startNanos, cause);
            close();
            DialAttempt.this.failed(address, cause, true);
            if (!done.get()) {
                race(new Race(null), deadlineNanos);
            }
            return true;
        }

        private void timedOut() {
            fails(new SocketTimeoutException(
                    "TLS handshake with " + plan.tlsName() + " not finished within " + plan.handshakeTimeout()));
        }

        @Override
        public void cancelled() {
            if (end()) {
                close();
                cancel();
            }
        }

        void abort() {
            if (end()) {
                close();
            }
        }

        private boolean end() {
            if (!over.compareAndSet(false, true)) {
                return false;
            }
            Cancellable timer = limit;
            if (timer != null) {
                timer.cancel();
            }
            return true;
        }

        private void close() {
            events.drop();
            session.close(CloseMode.IMMEDIATE);
        }
    }

    // ---- the end

    /** Whether the address went out of use while it was dialled and another is left to try. */
    private boolean goesOn() {
        if (done.get() || pool.targets.mayKeep(connection)) {
            return false;
        }
        synchronized (this) {
            return tried < plan.most() && left.stream().anyMatch(pool.targets::isUsable);
        }
    }

    private void complete(ProtocolIOSession session, DialEvents events, SocketAddress address) {
        if (goesOn()) {
            events.drop();
            session.close(CloseMode.IMMEDIATE);
            synchronized (this) {
                failures.add(address, new ConnectException("banned or ejected while it was dialled"), false);
            }
            race(new Race(null), deadlineNanos);
        } else if (finish()) {
            pool.outcomes.dialEnded(target(address), Outcome.OK);
            callback.completed(session);
        } else {
            session.close(CloseMode.IMMEDIATE);
        }
    }

    /** @param cause where no address was tried; {@code null}: what they said */
    private void fail(@Nullable Exception cause) {
        if (finish()) {
            Exception error = cause;
            if (error == null) {
                synchronized (this) {
                    error = failures.size() > 0
                            ? failures.error()
                            : new ConnectException("Connect to " + plan.host() + " failed: no address is left");
                }
            }
            callback.failed(error);
        }
    }

    private void cancel() {
        if (finish()) {
            Cancellable search = lookup;
            if (search != null) {
                search.cancel();
            }
            ConnectRace running = race;
            if (running != null) {
                running.abort();
            }
            Handshake current = handshake;
            if (current != null) {
                current.abort();
            }
            callback.cancelled();
        }
    }

    private boolean finish() {
        return done.compareAndSet(false, true);
    }
}
