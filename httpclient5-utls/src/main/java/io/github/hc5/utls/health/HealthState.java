package io.github.hc5.utls.health;

/** How a whole pool fares. */
public enum HealthState {
    /** Nothing to complain of. */
    HEALTHY,
    /** More of the allowed connections are leased than the settings call good. */
    OVERLOAD,
    /** Fewer exchanges succeed than the settings call good. */
    UNHEALTHY
}
