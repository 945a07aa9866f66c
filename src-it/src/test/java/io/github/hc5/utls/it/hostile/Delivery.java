package io.github.hc5.utls.it.hostile;

import java.util.Random;

/** How the network cuts the server's bytes into pieces. */
interface Delivery {

    /** Everything that waits, at once: several records in one buffer. */
    Delivery WHOLE = waiting -> waiting;

    /** One byte at a time. */
    Delivery SINGLE_BYTES = waiting -> 1;

    /** Returns how many of the waiting bytes arrive next, 1 to {@code waiting}. */
    int next(int waiting);

    /** Pieces of random length, from single bytes to several records; the seed makes a failure repeatable. */
    static Delivery random(long seed) {
        Random random = new Random(seed);
        return waiting -> {
            int bound = random.nextBoolean() ? 16 : 40_000;
            return Math.min(waiting, 1 + random.nextInt(bound));
        };
    }
}
