package io.github.hc5.utls.pool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The state of one connection in one 64-bit word, changed only by compare-and-set, so that a lease, a release, a check
 * and a retirement that meet agree on who went first without a lock (the idea of HikariCP's {@code ConcurrentBag} entry,
 * widened from "in use" to a count because HTTP/2 connections are shared).
 *
 * <pre>
 *  63                      24   22        21         20        19            0
 * +--------------------------+---------+----------+---------+---------------+
 * | leases granted so far    | retired | checking | opening | leases in use |
 * +--------------------------+---------+----------+---------+---------------+
 * </pre>
 *
 * <p>Invariants: a lease is granted only while none of the three flags is set; checking begins only from zero leases;
 * retired is never cleared; whoever brings a retired connection to zero leases, or retires it at zero, is the one to
 * close it, so it is closed exactly once.
 */
class LeaseState {

    static final int REFUSED = -1;

    private static final long IN_USE = (1L << 20) - 1;
    private static final long OPENING = 1L << 20;
    private static final long CHECKING = 1L << 21;
    private static final long RETIRED = 1L << 22;
    private static final int GRANTED_SHIFT = 24;
    private static final long LEASE = 1L + (1L << GRANTED_SHIFT);

    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(LeaseState.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("FieldMayBeFinal") // written through WORD
    private volatile long word;

    /** Starts in opening, leased once (for the request that dials) or not at all. */
    LeaseState(boolean leased) {
        word = leased ? OPENING + LEASE : OPENING;
    }

    /** Takes one lease if the state allows one and fewer than {@code limit} are in use; returns how many were. */
    final int tryLease(int limit) {
        for (; ; ) {
            long w = word;
            if ((w & (OPENING | CHECKING | RETIRED)) != 0 || (w & IN_USE) >= limit) {
                return REFUSED;
            }
            if (WORD.compareAndSet(this, w, w + LEASE)) {
                return (int) (w & IN_USE);
            }
        }
    }

    /** Whether {@link #tryLease} would take one. */
    final boolean isLeasable(int limit) {
        long w = word;
        return (w & (OPENING | CHECKING | RETIRED)) == 0 && (w & IN_USE) < limit;
    }

    /** Gives one lease back; returns what that made of the connection. */
    final Left unlease() {
        for (; ; ) {
            long w = word;
            if ((w & IN_USE) == 0) {
                throw new IllegalStateException("released more often than leased");
            }
            if (WORD.compareAndSet(this, w, w - 1)) {
                return left(w - 1);
            }
        }
    }

    /** Ends opening; returns what that made of the connection, or {@code null} if it was over. */
    final @Nullable Left opened() {
        return clear(OPENING);
    }

    /** Begins a check; returns false unless the connection is available. */
    final boolean tryCheck() {
        long w = word;
        return (w & (IN_USE | OPENING | CHECKING | RETIRED)) == 0 && WORD.compareAndSet(this, w, w | CHECKING);
    }

    /** Ends a check; returns what that made of the connection, or {@code null} if none was under way. */
    final @Nullable Left checked() {
        return clear(CHECKING);
    }

    /** Retires the connection; returns what it was until then, or {@code null} if it was retired before. */
    final @Nullable Left retire() {
        for (; ; ) {
            long w = word;
            if ((w & RETIRED) != 0) {
                return null;
            }
            if (WORD.compareAndSet(this, w, w | RETIRED)) {
                return left(w);
            }
        }
    }

    private @Nullable Left clear(long flag) {
        for (; ; ) {
            long w = word;
            if ((w & flag) == 0) {
                return null;
            }
            if (WORD.compareAndSet(this, w, w & ~flag)) {
                return left(w & ~flag);
            }
        }
    }

    private static Left left(long w) {
        boolean busy = (w & (IN_USE | OPENING | CHECKING)) != 0;
        if ((w & RETIRED) != 0) {
            return busy ? Left.RETIRED_IN_USE : Left.RETIRED;
        }
        return busy ? Left.IN_USE : Left.AVAILABLE;
    }

    /** What a connection is, as far as its use goes. */
    enum Left {
        /** Leased, opening or being checked. */
        IN_USE,
        /** Unused and ready. */
        AVAILABLE,
        /** Takes no new lease and waits for the end of what uses it. */
        RETIRED_IN_USE,
        /** Takes no new lease and is to be closed. */
        RETIRED
    }

    final int inUse() {
        return (int) (word & IN_USE);
    }

    final long granted() {
        return word >>> GRANTED_SHIFT;
    }

    final boolean isOpening() {
        return (word & OPENING) != 0;
    }

    final boolean isRetired() {
        return (word & RETIRED) != 0;
    }

    /** Whether nobody uses the connection: no lease, no opening, no check. */
    final boolean isUnused() {
        return (word & (IN_USE | OPENING | CHECKING)) == 0;
    }

    final ConnectionSnapshot.State state() {
        long w = word;
        if ((w & RETIRED) != 0) {
            return ConnectionSnapshot.State.RETIRED;
        }
        if ((w & OPENING) != 0) {
            return ConnectionSnapshot.State.OPENING;
        }
        if ((w & CHECKING) != 0) {
            return ConnectionSnapshot.State.CHECKING;
        }
        return (w & IN_USE) == 0 ? ConnectionSnapshot.State.AVAILABLE : ConnectionSnapshot.State.LEASED;
    }
}
