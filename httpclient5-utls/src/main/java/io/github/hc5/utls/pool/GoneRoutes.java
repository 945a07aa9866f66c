package io.github.hc5.utls.pool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of routes that the pool has given up, so that sums over a pool never fall. By host and profile; when there
 * are so many, what is new is kept without its host. Thread-safe.
 */
final class GoneRoutes {

    private static final int MOST = 2048;

    private record Key(String host, @Nullable String profile) {}

    /** Guarded by this. */
    private final Map<Key, PoolFigures> figures = new LinkedHashMap<>();

    /** Guarded by this. */
    private long version;

    synchronized void add(String host, List<RouteSnapshot.Part> parts) {
        version++;
        for (RouteSnapshot.Part part : parts) {
            Key key = new Key(host, part.profile());
            if (figures.size() >= MOST && !figures.containsKey(key)) {
                key = new Key("", null);
            }
            figures.merge(key, part.figures(), PoolFigures::plus);
        }
    }

    /** Changes with each addition. */
    synchronized long version() {
        return version;
    }

    synchronized List<PoolSnapshot.Past> list() {
        List<PoolSnapshot.Past> past = new ArrayList<>(figures.size());
        figures.forEach((key, value) -> past.add(new PoolSnapshot.Past(key.host, key.profile, value)));
        return past;
    }
}
