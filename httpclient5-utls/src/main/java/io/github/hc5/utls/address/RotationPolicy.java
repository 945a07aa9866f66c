package io.github.hc5.utls.address;

/** How requests and new connections are spread over the addresses of a host. */
public enum RotationPolicy {
    /** Each address in its turn, so that all get the same number of requests. */
    ROUND_ROBIN,
    /** The address with the fewest requests in flight. */
    LEAST_USED,
    /** The quicker one of two addresses drawn at random. */
    LEAST_LATENCY,
    /** Any address. */
    RANDOM,
    /** Always the same address for the same {@link StickyKey}, as long as it is well. */
    STICKY,
    /** Each address in proportion to its weight. */
    WEIGHTED
}
