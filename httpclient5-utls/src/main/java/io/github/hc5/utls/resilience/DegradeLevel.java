package io.github.hc5.utls.resilience;

/** How far a request had to go for its answer, from best to worst. */
public enum DegradeLevel {
    /** The first try. */
    NONE,
    /** Another try, on another connection. */
    OTHER_CONNECTION,
    /** Another try, on another address of the host. */
    OTHER_ADDRESS,
    /** Another try, by another exit: a source address or a proxy. */
    OTHER_EXIT,
    /** The backup connection manager. */
    BACKUP,
    /** A stored response that is no longer fresh. */
    STALE,
    /** None of these gave an answer. */
    FAILED
}
