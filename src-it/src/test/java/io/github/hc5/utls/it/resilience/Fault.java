package io.github.hc5.utls.it.resilience;

/** What a {@link FaultServer} does with a connection or a request. */
enum Fault {
    NONE,
    /** The connection is reset when the request has been read, and nothing done about it. */
    RESET_BEFORE_RESPONSE(false),
    /** The connection is reset when the request has been executed. */
    RESET_AFTER_EXECUTION,
    RESET_IN_HEADERS,
    /** The head of the response is whole, and of the body there is nothing. */
    RESET_AFTER_HEADERS,
    /** The head of the response begins, and does not go on. */
    STALL_IN_HEADERS,
    RESET_IN_BODY,
    /** Closed in good order, with half of the body. */
    WRONG_LENGTH,
    /** Nothing is answered. */
    STALL_BEFORE_RESPONSE(false),
    STALL_IN_BODY,
    /** A whole answer, and behind it another that nobody asked for. */
    SECOND_ANSWER,
    /** The body comes byte by byte, with pauses. */
    SLOW_BODY,
    /** A mebibyte, in chunks. */
    LONG_BODY,
    /** To be stored, and stale at once. */
    STORED,
    /** The same, not to be served without asking. */
    STORED_STRICTLY,
    FORBIDDEN(false),
    BUSY(false),
    BUSY_FOR_TWO_SECONDS(false),
    BUSY_UNTIL_A_DATE(false),
    BUSY_FOR_AN_HOUR(false),
    ERROR;

    /** Whether the request has had its effect. */
    final boolean executes;

    Fault() {
        this(true);
    }

    Fault(boolean executes) {
        this.executes = executes;
    }
}
