package io.github.hc5.utls.pool;

import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The routes that draw on one reserve of the {@link TotalLimit}, or on none. All fields but the queue are guarded by the
 * monitor of the limit.
 */
final class SlotShare {

    /** Slots that no other share gets; 0: none. */
    int reserve;

    /** Slots taken. */
    int used;

    /** Of those, slots of connections that are being closed. */
    int leaving;

    /** Written under the monitor, read without: whether it has more than its reserve, those being closed not counted. */
    volatile boolean beyondReserve;

    /** Routes that wait for a slot, in their order. An entry counts if its {@link RouteLimits#starvedIn} is still this. */
    final ConcurrentLinkedQueue<Entry> starved = new ConcurrentLinkedQueue<>();

    /** @param number the order over all shares */
    record Entry(HostPool pool, long number) {}
}
