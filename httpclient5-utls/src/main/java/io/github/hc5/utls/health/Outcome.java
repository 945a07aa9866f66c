package io.github.hc5.utls.health;

/** What a dial or an exchange came to. */
public enum Outcome {
    /** The exchange got its whole response, the dial its connection. */
    OK,
    /** The peer, or something on the way, refused the connection or said that the host cannot be reached. */
    REFUSED,
    /** No answer in time, neither to a connect, nor to a handshake, nor to a request. */
    TIMED_OUT,
    /** The TLS handshake failed, the verification of the certificate included. */
    TLS_FAILED,
    /** The connection broke before the end of the response. */
    RESET,
    /** A response whose status means that the address is not welcome. */
    BANNED_STATUS,
    /** A response with a status of 500 or above that bans nothing. */
    SERVER_ERROR,
    /** The peer broke the protocol, or the response could not be read. */
    PROTOCOL_ERROR,
    /** The peer did not take the request up (GOAWAY, a refused stream); it may be sent again. */
    NOT_EXECUTED,
    /** The caller gave up. */
    CANCELLED,
    /** Failed by something else, such as the application's own handler. */
    FAILED;

    /** Whether it says something bad of the address that was asked. */
    public boolean isFailure() {
        return switch (this) {
            case OK, NOT_EXECUTED, CANCELLED, FAILED -> false;
            case REFUSED, TIMED_OUT, TLS_FAILED, RESET, BANNED_STATUS, SERVER_ERROR, PROTOCOL_ERROR -> true;
        };
    }

    /** Whether it says anything at all of the address that was asked. */
    public boolean isTelling() {
        return this == OK || isFailure();
    }
}
