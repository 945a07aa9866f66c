package io.github.hc5.utls.pool;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where what a pool has learned outlives the process. Immutable.
 *
 * @param place where it is kept; nowhere by default
 * @param file the file, for {@link Place#FILE}
 * @param interval between two savings; it is saved once more when the pool is closed; 1 s or more, 5 min by default
 */
public record StateSettings(Place place, @Nullable Path file, Duration interval) {

    /** Where the state is kept. */
    public enum Place {
        NOWHERE,
        FILE,
        /** In the Redis of the cluster's settings. */
        REDIS
    }

    private static final Duration USUAL = Duration.ofMinutes(5);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside the range that its parameter names, or a file is named where
     *     none is used or the other way round
     */
    public StateSettings {
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("interval is " + interval + ", must be 1 s or more");
        }
        if ((place == Place.FILE) != (file != null)) {
            throw new IllegalArgumentException(
                    "file is " + file + " and place " + place + ", must be named exactly where the place is FILE");
        }
    }

    /** Returns the defaults: nothing is kept. */
    public static StateSettings defaults() {
        return new StateSettings(Place.NOWHERE, null, USUAL);
    }

    /** Returns the settings that keep the state in a file. */
    public static StateSettings inFile(Path file) {
        return new StateSettings(Place.FILE, file, USUAL);
    }

    /** Returns the settings that keep the state in Redis. */
    public static StateSettings inRedis() {
        return new StateSettings(Place.REDIS, null, USUAL);
    }

    /** Returns these settings with another interval. */
    public StateSettings withInterval(Duration value) {
        return new StateSettings(place, file, value);
    }
}
