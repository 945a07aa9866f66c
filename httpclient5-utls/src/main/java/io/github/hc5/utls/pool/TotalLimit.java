package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.HostPattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The number of connections over all routes, the parts of it that are reserved, and the routes that wait for it.
 *
 * <p>Each route draws on a {@link SlotShare}: that of its reserve, or the common one, which has none. A share may take a
 * slot while it has taken less than its reserve, or while the shares together have taken less of the rest (the total less
 * all reserves) than there is. So whatever the others do, a share gets its reserve, and what is not reserved goes to
 * whoever comes first. While the limits have just been lowered, more may be taken than they allow; nothing is granted until
 * that has changed.
 *
 * <p>A slot is taken under the lock of a {@link HostPool}; the monitor of this object is taken within it, for a few
 * additions, and nothing is called under it. A route that finds no slot registers here and looks once more; a slot is given
 * back first and the queues read after that. Either the route sees the slot or the giver sees the route, so no waiter is
 * forgotten. Routes are woken in the order in which they registered, as far as their shares may take a slot, outside every
 * lock.
 */
final class TotalLimit {

    /** Guarded by this. A share stays for good, as routes keep it: a reserve that is gone is one of 0. */
    private final Map<HostPattern, SlotShare> reserved = new HashMap<>();

    private final SlotShare common = new SlotShare();
    private final AtomicLong registrations = new AtomicLong();

    /** Written under this, read without. */
    private volatile int max;

    /** Written under this, read without. */
    private volatile int open;

    /** Guarded by this: what nobody has reserved. */
    private int rest;

    /** Guarded by this: slots taken beyond reserves. */
    private int usedOfRest;

    /** Guarded by this: how many changes of the shares are under way, during which no slot is taken. */
    private int moves;

    /** Written under this, read without: there are more connections than allowed, those being closed not counted. */
    private volatile boolean exceeded;

    /** As {@code exceeded}, for what is taken of the rest. */
    private volatile boolean restExceeded;

    TotalLimit(int max) {
        this.max = max;
        this.rest = max;
    }

    int max() {
        return max;
    }

    int open() {
        return open;
    }

    /** Sets the limit and what of it is reserved; {@link #wake()} must follow outside of locks. */
    synchronized void setLimits(int newMax, Map<HostPattern, Integer> newReserves) {
        max = newMax;
        reserved.forEach((pattern, share) -> share.reserve = newReserves.getOrDefault(pattern, 0));
        newReserves.forEach((pattern, reserve) -> share(pattern).reserve = reserve);
        recount();
    }

    private void recount() {
        int left = max;
        int staying = common.used - common.leaving;
        int beyond = staying;
        usedOfRest = common.used;
        for (SlotShare share : reserved.values()) {
            left -= share.reserve;
            usedOfRest += Math.max(0, share.used - share.reserve);
            int stay = share.used - share.leaving;
            staying += stay;
            beyond += Math.max(0, stay - share.reserve);
            share.beyondReserve = stay > share.reserve;
        }
        common.beyondReserve = common.used > common.leaving;
        rest = left;
        exceeded = staying > max;
        restExceeded = beyond > left;
    }

    /** Returns the share of a reserve, the common one for {@code null}. */
    synchronized SlotShare share(@Nullable HostPattern pattern) {
        return pattern == null ? common : reserved.computeIfAbsent(pattern, p -> new SlotShare());
    }

    /**
     * From here to {@link #moved()} no slot is taken: routes are about to draw on other shares, and until all do, a reserve
     * that is used up seems to have room.
     */
    synchronized void moving() {
        moves++;
    }

    /** All routes draw on the shares that they are to draw on; {@link #wake()} must follow outside of locks. */
    synchronized void moved() {
        moves--;
    }

    /** Counts these connections to another share than before, whatever the limits say. */
    synchronized void move(SlotShare from, SlotShare to, List<HotConnection> connections) {
        for (HotConnection connection : connections) {
            from.used--;
            to.used++;
            if (connection.closing) {
                from.leaving--;
                to.leaving++;
            }
        }
        recount();
    }

    /** Whether a connection of this share is one too many, those that are being closed not counted. */
    boolean isExceeded(SlotShare share) {
        return exceeded || (restExceeded && share.beyondReserve);
    }

    synchronized boolean tryAcquire(SlotShare share) {
        if (!mayTake(share)) {
            return false;
        }
        open++;
        share.used++;
        recount();
        return true;
    }

    synchronized boolean mayTake(SlotShare share) {
        return moves == 0 && open < max && (share.used < share.reserve || usedOfRest < rest);
    }

    /** Whether it helps {@code taker}, which may not take a slot, to close a connection of {@code giver}. */
    synchronized boolean makesRoom(SlotShare giver, SlotShare taker) {
        return giver == taker || giver.used > giver.reserve;
    }

    /** A connection is being closed; its slot is given back when that is done. */
    synchronized void leaving(SlotShare share) {
        share.leaving++;
        recount();
    }

    /** The slot of a connection that is being closed is another one's now. */
    synchronized void staying(SlotShare share) {
        share.leaving--;
        recount();
    }

    /**
     * Gives a slot back; {@link #wake()} must follow outside the lock.
     *
     * @param wasLeaving whether {@link #leaving} was said of it
     */
    synchronized void release(SlotShare share, boolean wasLeaving) {
        open--;
        share.used--;
        share.leaving -= wasLeaving ? 1 : 0;
        recount();
        if (open == 0) {
            notifyAll();
        }
    }

    /** Waits until no connection is open, at most for this long. */
    void awaitNone(long nanos) {
        long deadline = System.nanoTime() + nanos;
        synchronized (this) {
            try {
                for (long left = nanos; open > 0 && left > 0; left = deadline - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Registers a route that waits for a slot. Called outside its lock. */
    void starve(HostPool pool) {
        SlotShare share = pool.limits.share();
        if (pool.limits.starvedIn.getAndSet(share) != share) {
            share.starved.add(new SlotShare.Entry(pool, registrations.incrementAndGet()));
        }
        wake();
    }

    /** Lets starved routes try while there is a free slot for them. */
    void wake() {
        for (SlotShare share = next(); share != null; share = next()) {
            SlotShare.Entry entry = share.starved.poll();
            if (entry != null && entry.pool().limits.starvedIn.compareAndSet(share, null)) {
                entry.pool().serve();
            }
        }
    }

    /** The share of the route that has waited longest of those that may have a slot. */
    private synchronized @Nullable SlotShare next() {
        if (open >= max) {
            return null;
        }
        SlotShare best = null;
        long first = Long.MAX_VALUE;
        SlotShare.Entry head = mayTake(common) ? common.starved.peek() : null;
        if (head != null) {
            best = common;
            first = head.number();
        }
        for (SlotShare share : reserved.values()) {
            head = mayTake(share) ? share.starved.peek() : null;
            if (head != null && head.number() < first) {
                best = share;
                first = head.number();
            }
        }
        return best;
    }
}
