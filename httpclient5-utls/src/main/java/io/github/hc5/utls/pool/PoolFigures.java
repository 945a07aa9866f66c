package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.Outcome;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongBinaryOperator;

/**
 * What has happened since the pool was made: of a whole pool, a host, an address, a profile, or of what they have in
 * common. Immutable; two pictures {@linkplain #minus subtracted} tell of the time between them.
 *
 * @param outcomes how many exchanges came to what; those that there were none of are left out
 * @param responseTimes of the exchanges that had a response
 * @param connections what became of connections
 * @param leases of the leases that could not be granted at once
 * @param bans addresses banned by what they answered
 * @param ejections addresses ejected because dials or exchanges failed, each time anew
 */
public record PoolFigures(
        Map<Outcome, Long> outcomes,
        ResponseTimes responseTimes,
        ConnectionFigures connections,
        LeaseFigures leases,
        long bans,
        long ejections) {

    /** Nothing has happened. */
    public static final PoolFigures NONE =
            new PoolFigures(Map.of(), ResponseTimes.NONE, ConnectionFigures.NONE, LeaseFigures.NONE, 0, 0);

    public PoolFigures {
        outcomes = copy(outcomes, Outcome.class);
    }

    static <K extends Enum<K>> Map<K, Long> copy(Map<K, Long> counts, Class<K> type) {
        Map<K, Long> copy = new EnumMap<>(type);
        copy.putAll(counts);
        copy.values().removeIf(n -> n == 0);
        return Collections.unmodifiableMap(copy);
    }

    static <K extends Enum<K>> Map<K, Long> combine(
            Map<K, Long> a, Map<K, Long> b, Class<K> type, LongBinaryOperator with) {
        Map<K, Long> result = new EnumMap<>(type);
        for (K key : type.getEnumConstants()) {
            result.put(key, with.applyAsLong(a.getOrDefault(key, 0L), b.getOrDefault(key, 0L)));
        }
        return result;
    }

    /** Exchanges that are over, whatever they came to. */
    public long requests() {
        return outcomes.values().stream().mapToLong(n -> n).sum();
    }

    /** Exchanges that came to this. */
    public long count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** Exchanges that got their whole response, with a status that is neither banned nor an error of the server. */
    public long successes() {
        return count(Outcome.OK);
    }

    /** Exchanges that say something bad of the address asked: see {@link Outcome#isFailure}. */
    public long failures() {
        return Arrays.stream(Outcome.values())
                .filter(Outcome::isFailure)
                .mapToLong(this::count)
                .sum();
    }

    /** The share of successes among those that succeeded or failed, 1 where there were none. */
    public double successRate() {
        long telling = successes() + failures();
        return telling == 0 ? 1 : (double) successes() / telling;
    }

    /** The share of exchanges that found their connection used by another one before, 0 where there were none. */
    public double reuseRate() {
        long requests = requests();
        return requests == 0 ? 0 : (double) Math.max(0, requests - connections.used()) / requests;
    }

    /** Returns the figures of both. */
    public PoolFigures plus(PoolFigures other) {
        return new PoolFigures(
                combine(outcomes, other.outcomes, Outcome.class, Long::sum),
                responseTimes.plus(other.responseTimes),
                connections.plus(other.connections),
                leases.plus(other.leases),
                bans + other.bans,
                ejections + other.ejections);
    }

    /** Returns what has happened since {@code earlier} was taken of the same. */
    public PoolFigures minus(PoolFigures earlier) {
        return new PoolFigures(
                combine(outcomes, earlier.outcomes, Outcome.class, (a, b) -> Math.max(0, a - b)),
                responseTimes.minus(earlier.responseTimes),
                connections.minus(earlier.connections),
                leases.minus(earlier.leases),
                Math.max(0, bans - earlier.bans),
                Math.max(0, ejections - earlier.ejections));
    }
}
