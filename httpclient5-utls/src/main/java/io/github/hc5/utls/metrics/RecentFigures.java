package io.github.hc5.utls.metrics;

import io.github.hc5.utls.pool.PoolFigures;
import java.util.concurrent.TimeUnit;

/**
 * What has happened within the last one or two minutes, from figures that only grow: the difference from a picture that is
 * between one and two minutes old. If nobody reads for longer, it is what has happened since somebody did. Not
 * thread-safe.
 */
final class RecentFigures {

    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private PoolFigures older;
    private PoolFigures newer;
    private long newerNanos;

    RecentFigures(PoolFigures now, long nowNanos) {
        older = now;
        newer = now;
        newerNanos = nowNanos;
    }

    PoolFigures since(PoolFigures now, long nowNanos) {
        if (nowNanos - newerNanos >= MINUTE_NANOS) {
            older = newer;
            newer = now;
            newerNanos = nowNanos;
        }
        return now.minus(older);
    }
}
