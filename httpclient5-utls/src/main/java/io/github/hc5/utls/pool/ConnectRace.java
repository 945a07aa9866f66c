package io.github.hc5.utls.pool;

import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first of several addresses that answers (Happy Eyeballs, RFC 8305 section 5): the next address is tried
 * when one has failed, or beside it when it has not answered within the delay; the first connection wins, the attempts at
 * the others are called off, and those begun before the winner's count as failures, since they had their time. State is
 * guarded by this; nothing is called under it.
 */
final class ConnectRace {

    /** What happens, outside the lock. */
    interface Listener {

        /** Returns the address to try now, or {@code null} if there is none. */
        @Nullable
        SocketAddress next();

        /** The address did not answer, or refused. */
        void failed(SocketAddress address, Exception cause);

        /** The race is over: this one has won. */
        void won(SocketAddress address, ProtocolIOSession session, DialEvents events, long elapsedNanos);

        /** The race is over: no address is left. */
        void lost();
    }

    private record Attempt(int number, SocketAddress address, DialEvents events, long startNanos) {}

    private final ConnectionOpener opener;
    private final DialAttempt dial;
    private final HotConnection connection;
    private final DialPlan plan;
    private final Listener listener;
    private final long deadlineNanos;
    private final List<Attempt> pending = new ArrayList<>(2);
    private final List<Future<IOSession>> futures = new ArrayList<>(2);
    private int begun;
    private boolean over;
    private boolean exhausted;
    private @Nullable Cancellable stagger;

    ConnectRace(
            ConnectionOpener opener,
            DialAttempt dial,
            HotConnection connection,
            DialPlan plan,
            long deadlineNanos,
            Listener listener) {
        this.opener = opener;
        this.dial = dial;
        this.connection = connection;
        this.plan = plan;
        this.deadlineNanos = deadlineNanos;
        this.listener = listener;
    }

    /** Tries the next address, if there is one. */
    void advance() {
        synchronized (this) {
            if (over) {
                return;
            }
        }
        SocketAddress address = listener.next();
        if (address == null) {
            boolean lost;
            synchronized (this) {
                exhausted = true;
                lost = !over && pending.isEmpty();
                over |= lost;
            }
            if (lost) {
                listener.lost();
            }
            return;
        }
        begin(address);
    }

    private void begin(SocketAddress address) {
        long now = connection.pool.context.clock.getAsLong();
        Attempt attempt;
        synchronized (this) {
            if (over) {
                return;
            }
            attempt = new Attempt(begun++, address, new DialEvents(connection, dial), now);
            pending.add(attempt);
        }
        FutureCallback<IOSession> result = new FutureCallback<>() {
            @Override
            public void completed(IOSession session) {
                connected(attempt, (ProtocolIOSession) session);
            }

            @Override
            public void failed(Exception cause) {
                ended(attempt, cause);
            }

            @Override
            public void cancelled() {
                // only this race cancels, and then knows
            }
        };
        Timeout timeout = plan.connectTimeout();
        if (deadlineNanos != LeaseQueue.NONE) {
            // in the unit that the message of the timeout is to have, rounded up
            timeout = Timeout.ofMilliseconds(Math.max(1, (deadlineNanos - now + 999_999) / 1_000_000));
        }
        try {
            Future<IOSession> future = opener.reactor()
                    .connect(plan.host(), address, plan.localAddress(), timeout, attempt.events(), result);
            boolean late;
            synchronized (this) {
                futures.add(future);
                late = over;
            }
            if (late && !future.isDone()) {
                future.cancel(true);
            }
        } catch (RuntimeException e) {
            ended(attempt, e);
            return;
        }
        armStagger();
    }

    private void armStagger() {
        if (plan.address() != null) {
            return;
        }
        Cancellable armed = opener.timer().schedule(this::advanceBeside, plan.staggerNanos());
        Cancellable old;
        boolean late;
        synchronized (this) {
            old = stagger;
            stagger = armed;
            late = over || exhausted;
        }
        if (old != null) {
            old.cancel();
        }
        if (late) {
            armed.cancel();
        }
    }

    private void advanceBeside() {
        synchronized (this) {
            if (over || exhausted || pending.isEmpty()) {
                return;
            }
        }
        advance();
    }

    private void ended(Attempt attempt, Exception cause) {
        attempt.events().drop();
        synchronized (this) {
            if (over || !pending.remove(attempt)) {
                return;
            }
        }
        listener.failed(attempt.address(), cause);
        advance();
    }

    private void connected(Attempt attempt, ProtocolIOSession session) {
        List<Attempt> losers;
        synchronized (this) {
            if (over || !pending.remove(attempt)) {
                losers = null;
            } else {
                over = true;
                losers = List.copyOf(pending);
                pending.clear();
            }
        }
        if (losers == null) {
            attempt.events().drop();
            session.close(CloseMode.IMMEDIATE);
            return;
        }
        long now = connection.pool.context.clock.getAsLong();
        callOff(losers);
        for (Attempt loser : losers) {
            if (loser.number() < attempt.number()) {
                long waited = TimeUnit.NANOSECONDS.toMillis(now - loser.startNanos());
                listener.failed(
                        loser.address(),
                        new SocketTimeoutException("no answer within " + waited + " ms, "
                                + DialFailures.text(attempt.address()) + " was quicker"));
            }
        }
        listener.won(attempt.address(), session, attempt.events(), now - attempt.startNanos());
    }

    /** Calls the race off. */
    void abort() {
        List<Attempt> losers;
        synchronized (this) {
            over = true;
            losers = List.copyOf(pending);
            pending.clear();
        }
        callOff(losers);
    }

    private void callOff(List<Attempt> losers) {
        losers.forEach(loser -> loser.events().drop());
        List<Future<IOSession>> all;
        Cancellable timer;
        synchronized (this) {
            all = List.copyOf(futures);
            timer = stagger;
        }
        if (timer != null) {
            timer.cancel();
        }
        for (Future<IOSession> future : all) {
            if (!future.isDone()) {
                future.cancel(true);
            }
        }
    }
}
