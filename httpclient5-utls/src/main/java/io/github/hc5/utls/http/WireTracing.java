package io.github.hc5.utls.http;

/** How much of what HTTP sends and receives is written to the log, whatever the levels of the log are. */
public enum WireTracing {
    /** What the level of the logger says: sizes at {@code DEBUG}, heads too at {@code TRACE}. */
    OFF,
    /** How many bytes each write and each read had. */
    SIZES,
    /** The fields of each request and response too, without secrets and without bodies. */
    HEADS
}
