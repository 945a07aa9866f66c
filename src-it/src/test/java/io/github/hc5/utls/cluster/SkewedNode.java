package io.github.hc5.utls.cluster;

import java.time.Clock;
import org.jspecify.annotations.NullMarked;

/** A node whose clock is another than this machine's; what Redisson sends must be shifted likewise. */
@NullMarked
public final class SkewedNode {

    private SkewedNode() {}

    public static RedisLeasePermits connect(ClusterSettings settings, Clock clock) {
        return RedisLeasePermits.connect(settings, clock);
    }
}
