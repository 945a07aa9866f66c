package io.github.hc5.utls.resilience;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of all operations in flight: a hashed timing wheel (Varghese and Lauck, 1987). Nearly every operation ends
 * long before its deadline, so what must be cheap is to set one and to call it off: both link or unlink a node that is the
 * operation itself, under the lock of one of 512 slots. A tick, every 20 ms while there is anything in flight, looks
 * through the slots that time has passed since; a deadline is met up to one tick late.
 *
 * <p>Thread-safe. No lock is held while an entry expires.
 */
final class DeadlineWheel {

    private static final int SLOTS = 512;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** What has a deadline. Its links are guarded by its slot. */
    abstract static class Entry {
        private final long deadlineNanos;
        private @Nullable Entry previous;
        private @Nullable Entry next;

        Entry(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        final long deadlineNanos() {
            return deadlineNanos;
        }

        /** The deadline has passed; called once, outside every lock. */
        abstract void expire();
    }

    /** The head of a ring that is empty when it is linked to itself; its monitor guards the ring. */
    private static final class Slot extends Entry {
        Slot() {
            super(0);
        }

        @Override
        void expire() {}
    }

    private final WaitScheduler time;
    private final long originNanos;
    private final Slot[] slots = new Slot[SLOTS];
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean ticking = new AtomicBoolean();

    /** Used by one tick at a time. */
    private volatile long tick;

    DeadlineWheel(WaitScheduler time) {
        this.time = time;
        this.originNanos = time.nanoTime();
        for (int i = 0; i < SLOTS; i++) {
            Slot slot = new Slot();
            ((Entry) slot).previous = slot;
            ((Entry) slot).next = slot;
            slots[i] = slot;
        }
    }

    void add(Entry entry) {
        Slot slot = slot(entry);
        Entry head = slot;
        synchronized (slot) {
            Entry last = head.previous;
            entry.previous = last;
            entry.next = head;
            if (last != null) {
                last.next = entry;
            }
            head.previous = entry;
        }
        if (size.getAndIncrement() == 0) {
            wake();
        }
    }

    /** Calls a deadline off; nothing happens if it has expired. */
    void remove(Entry entry) {
        synchronized (slot(entry)) {
            if (!unlink(entry)) {
                return;
            }
        }
        size.decrementAndGet();
    }

    int size() {
        return size.get();
    }

    private static boolean unlink(Entry entry) {
        Entry before = entry.previous;
        Entry after = entry.next;
        if (before == null || after == null) {
            return false;
        }
        before.next = after;
        after.previous = before;
        entry.previous = null;
        entry.next = null;
        return true;
    }

    private Slot slot(Entry entry) {
        return slots[(int) (tickOf(entry.deadlineNanos) % SLOTS)];
    }

    private long tickOf(long nanos) {
        return Math.max(0, nanos - originNanos) / TICK_NANOS;
    }

    private void wake() {
        if (ticking.compareAndSet(false, true)) {
            // what was set meanwhile may lie before the tick that was looked at last
            tick = Math.max(0, tickOf(time.nanoTime()) - 1);
            time.schedule(this::tick, TICK_NANOS);
        }
    }

    private void tick() {
        long now = time.nanoTime();
        long last = tickOf(now);
        long first = Math.max(tick, last - SLOTS + 1);
        List<Entry> expired = new ArrayList<>();
        for (long t = first; t <= last; t++) {
            collect(slots[(int) (t % SLOTS)], now, expired);
        }
        // the slot of this very tick is looked at again: what is due in it later than now is still there
        tick = last;
        size.addAndGet(-expired.size());
        if (size.get() > 0) {
            time.schedule(this::tick, TICK_NANOS);
        } else {
            ticking.set(false);
            if (size.get() > 0) {
                wake();
            }
        }
        expired.forEach(Entry::expire);
    }

    private static void collect(Slot slot, long now, List<Entry> expired) {
        synchronized (slot) {
            Entry entry = ((Entry) slot).next;
            while (entry != null && entry != slot) {
                Entry after = entry.next;
                if (entry.deadlineNanos - now <= 0) {
                    unlink(entry);
                    expired.add(entry);
                }
                entry = after;
            }
        }
    }
}
