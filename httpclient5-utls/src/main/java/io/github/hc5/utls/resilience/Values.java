package io.github.hc5.utls.resilience;

import java.time.Duration;
import java.util.Set;

/** The checks of the settings: each names the value, and what is allowed. */
final class Values {

    private Values() {}

    static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + least + " or more");
        }
    }

    static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + ", must be positive");
        }
    }

    static void notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " is " + value + ", must be zero or positive");
        }
    }

    static void notBelow(String name, Duration value, String otherName, Duration other) {
        if (value.compareTo(other) < 0) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", must be at least " + otherName + " (" + other + ")");
        }
    }

    static void share(String name, double value) {
        range(name, value, 0, 1);
    }

    static void range(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(name + " is " + value + ", must be from " + least + " to " + most);
        }
    }

    static Set<Integer> statuses(String name, Set<Integer> values) {
        for (int value : values) {
            if (value < 300 || value > 599) {
                throw new IllegalArgumentException(name + " has " + value + ", must be a status from 300 to 599");
            }
        }
        return Set.copyOf(values);
    }
}
