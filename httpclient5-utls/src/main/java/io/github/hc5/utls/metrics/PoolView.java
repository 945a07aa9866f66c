package io.github.hc5.utls.metrics;

import io.github.hc5.utls.pool.HostSnapshot;
import io.github.hc5.utls.pool.PoolFigures;
import io.github.hc5.utls.pool.PoolSnapshot;
import java.util.Map;

/**
 * One picture of a pool, its sums worked out once for all meters that are read from it.
 *
 * @param takenNanos when
 * @param recent what happened within the last one or two minutes
 */
record PoolView(
        PoolSnapshot snapshot,
        long takenNanos,
        PoolFigures recent,
        Map<String, HostSnapshot> hosts,
        Map<String, PoolFigures> profiles,
        Map<AddressKey, AddressFigures> addresses) {

    /** An address of a host, as tags have it. */
    record AddressKey(String host, String address) {}
}
