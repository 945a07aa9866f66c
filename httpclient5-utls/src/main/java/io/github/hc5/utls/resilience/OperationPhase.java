package io.github.hc5.utls.resilience;

/** How far a request has come. */
public enum OperationPhase {
    /** It waits for its turn by the limits of its host. */
    LIMITED,
    /** It waits for a connection: for one of the pool, or for the dial and the handshake of a new one. */
    CONNECTING,
    /** It is sent, or being sent, and no response has come. */
    WAITING,
    /** The response is coming in. */
    RECEIVING,
    /** It waits before the next try. */
    BACKING_OFF
}
