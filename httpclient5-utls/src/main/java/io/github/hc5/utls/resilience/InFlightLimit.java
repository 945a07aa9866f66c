package io.github.hc5.utls.resilience;

import java.util.ArrayDeque;

/**
 * How many requests to a host are in flight, and those that wait for one to end, first come first served. Thread-safe;
 * whoever is let in is run after the lock is released.
 */
final class InFlightLimit {

    /** Guarded by this. */
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

    /** Guarded by this. */
    private int inFlight;

    /** Guarded by this. */
    private int max;

    InFlightLimit(int max) {
        this.max = max;
    }

    /** Lets the caller in now (true), or runs the task once there is room; it is then counted already. */
    synchronized boolean enter(Runnable whenLetIn) {
        if (inFlight < max) {
            inFlight++;
            return true;
        }
        waiting.add(whenLetIn);
        return false;
    }

    /** Gives up a place in the queue; returns false if the task has been or is about to be run. */
    synchronized boolean leaveQueue(Runnable whenLetIn) {
        return waiting.remove(whenLetIn);
    }

    /** A request that was in flight has ended. */
    void exit() {
        Runnable next;
        synchronized (this) {
            next = inFlight <= max ? waiting.poll() : null;
            if (next == null) {
                inFlight--;
            }
        }
        if (next != null) {
            next.run();
        }
    }

    synchronized int inFlight() {
        return inFlight;
    }

    synchronized int waiting() {
        return waiting.size();
    }
}
