package io.github.hc5.utls.pool;

/** Why a connection left the pool. */
public enum CloseReason {
    /** Unused for longer than the idle timeout. */
    IDLE_TIMEOUT,
    /** Older than its lifetime. */
    LIFETIME,
    /** The keep-alive time given at its release has passed. */
    KEEP_ALIVE,
    /** More idle connections than allowed. */
    IDLE_LIMIT,
    /** A limit was lowered below what is open. */
    OVER_LIMIT,
    /** Closed to make room for a connection that is needed more. */
    EVICTED,
    /** A check failed or went unanswered. */
    UNHEALTHY,
    /** The peer announced the end (GOAWAY, {@code Connection: close}). */
    DRAINED,
    /** The session ended: closed by the peer, failed, or closed by the client. */
    ENDED,
    /** Connecting, TLS or the tunnel failed, or the opening was cancelled. */
    NOT_OPENED,
    /** Its address was banned, ejected, or refused by the address filter. */
    ADDRESS_OUT,
    /** The host does not have its address any more. */
    ADDRESS_GONE,
    /** Retired by request of the application. */
    REQUESTED,
    /** The pool was closed. */
    POOL_CLOSED
}
