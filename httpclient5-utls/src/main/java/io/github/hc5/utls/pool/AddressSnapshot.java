package io.github.hc5.utls.pool;

import io.github.hc5.utls.health.AddressHealth;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One address of a route at one moment.
 *
 * @param excluded whether the address filter or a ban by the user keeps it out
 * @param denied whether its last answer had a banned status
 * @param connections open connections to it that may be leased
 * @param opening connections to it being opened
 * @param latency the smoothed time of its exchanges; zero while unknown
 */
public record AddressSnapshot(
        InetSocketAddress address,
        AddressHealth.State state,
        boolean excluded,
        boolean denied,
        int connections,
        int opening,
        Duration latency) {}
