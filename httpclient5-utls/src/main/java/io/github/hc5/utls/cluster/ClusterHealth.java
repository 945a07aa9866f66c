package io.github.hc5.utls.cluster;

import java.time.Duration;

/**
 * How the link to Redis fares.
 *
 * @param state the state
 * @param lasting for how long it has been so
 * @param cause what led to it, empty for {@link ClusterState#UP}
 * @param nodes the nodes last seen, with this one; at least 1
 * @param clockOffset of the clock of Redis from that of this machine as last measured
 * @param policy what holds while the state is not {@link ClusterState#UP}
 */
public record ClusterHealth(
        ClusterState state,
        Duration lasting,
        String cause,
        int nodes,
        Duration clockOffset,
        ClusterSettings.Policy policy) {}
