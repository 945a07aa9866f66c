package io.github.hc5.utls.it.cluster;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other threads and processes bring about. */
final class Await {

    private Await() {}

    /** Returns as soon as the condition holds; fails if it does not within the limit. */
    static void until(long limitMillis, Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("still not: " + what.get());
            }
            LockSupport.parkNanos(2_000_000L);
        }
    }

    static void until(String what, BooleanSupplier condition) {
        until(30_000, () -> what, condition);
    }
}
