package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.HostPattern;
import io.github.hc5.utls.address.HostPatterns;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits by host pattern. For each value, the most specific pattern that covers a host and says anything of that value
 * wins. Immutable.
 *
 * <p>A {@code reserve} isolates: connections of the total limit that only hosts of this pattern get, so that no other
 * traffic, however much there is of it, can keep them from having so many. Beyond their reserve they compete with all
 * others for the rest of the total. A host belongs to the reserve of the most specific pattern that names one.
 */
public final class HostLimits {

    /** No pattern has limits of its own. */
    public static final HostLimits NONE = new HostLimits(Map.of());

    private final HostPatterns<HostLimit> limits;
    private final HostPatterns<HostPattern> reserving;
    private final Map<HostPattern, Integer> reserves;

    private HostLimits(Map<HostPattern, HostLimit> limits) {
        this.limits = HostPatterns.of(limits);
        Map<HostPattern, Integer> sizes = new LinkedHashMap<>();
        Map<HostPattern, HostPattern> own = new HashMap<>();
        this.limits.asMap().forEach((pattern, limit) -> {
            Integer reserve = limit.reserve();
            if (reserve != null) {
                own.put(pattern, pattern);
                if (reserve > 0) {
                    sizes.put(pattern, reserve);
                }
            }
        });
        this.reserving = HostPatterns.of(own);
        this.reserves = Map.copyOf(sizes);
    }

    /**
     * Returns the limits of these patterns.
     *
     * @throws IllegalArgumentException if more connections are reserved than an {@code int} can count
     */
    public static HostLimits of(Map<HostPattern, HostLimit> limits) {
        HostLimits result = new HostLimits(limits);
        result.checkWithin(Integer.MAX_VALUE);
        return result;
    }

    /** Returns the limits by pattern, the most specific first. */
    public Map<HostPattern, HostLimit> asMap() {
        return limits.asMap();
    }

    /** Returns all that is said of a host; {@link HostLimit#NONE} if nothing is. */
    public HostLimit of(String host) {
        HostLimit result = null;
        for (HostLimit limit : limits.covering(host)) {
            result = result == null ? limit : result.orElse(limit);
        }
        return result == null ? HostLimit.NONE : result;
    }

    /** Returns how many connections are reserved, by pattern; patterns without a reserve are left out. */
    public Map<HostPattern, Integer> reserves() {
        return reserves;
    }

    /** Returns the pattern of whose reserve a host's connections are, {@code null} if of none. */
    public @Nullable HostPattern reserveOf(String host) {
        HostPattern pattern = reserving.find(host);
        return pattern != null && reserves.containsKey(pattern) ? pattern : null;
    }

    /**
     * Checks that a total limit has room for all reserves.
     *
     * @throws IllegalArgumentException if it has not
     */
    public void checkWithin(int maxTotal) {
        long sum = 0;
        for (int reserve : reserves.values()) {
            sum += reserve;
        }
        if (sum > maxTotal) {
            throw new IllegalArgumentException("the reserves of the host limits add up to " + sum
                    + ", must be at most maxTotal (" + maxTotal + ")");
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HostLimits that && limits.asMap().equals(that.limits.asMap());
    }

    @Override
    public int hashCode() {
        return limits.asMap().hashCode();
    }

    @Override
    public String toString() {
        return "HostLimits" + limits.asMap();
    }
}
