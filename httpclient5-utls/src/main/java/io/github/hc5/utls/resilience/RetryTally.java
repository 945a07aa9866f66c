package io.github.hc5.utls.resilience;

import java.util.EnumMap;
import java.util.Map;

/**
 * What the tries of one operation have come to so far. Used by one thread at a time: the tries of an operation follow one
 * another.
 */
final class RetryTally {

    final long startNanos;
    private final Map<FailureKind, Integer> failures = new EnumMap<>(FailureKind.class);

    /** The wait decided on for the next try. */
    long delayNanos;

    /** Why there is no further try, in words that follow "and". */
    String refusal = "";

    RetryTally(long startNanos) {
        this.startNanos = startNanos;
    }

    /** Counts a failed try; returns how many of the kind there were with it. */
    int failed(FailureKind kind) {
        return failures.merge(kind, 1, Integer::sum);
    }
}
