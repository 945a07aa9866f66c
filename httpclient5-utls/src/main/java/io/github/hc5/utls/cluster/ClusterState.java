package io.github.hc5.utls.cluster;

/** What a node makes of Redis. In all states but {@link #UP} the policy of {@link ClusterSettings} holds. */
public enum ClusterState {
    /** No answer yet since the start. */
    CONNECTING,
    /** It answers in time. */
    UP,
    /** It answers too late. */
    SLOW,
    /** It does not answer, or with an error. */
    DOWN,
    /** It refuses the credentials, or TLS with it fails: only a change of configuration helps. */
    REFUSED,
    /** The clock of this machine is so far from that of Redis that its leases would disturb those of other nodes. */
    CLOCK_SKEW,
    /** Closed by the application. */
    CLOSED
}
