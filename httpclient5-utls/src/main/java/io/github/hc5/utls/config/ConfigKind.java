package io.github.hc5.utls.config;

/** What kind of value a key has. */
public enum ConfigKind {
    INTEGER,
    /** With or without a fraction. */
    NUMBER,
    BOOLEAN,
    /** Whole seconds, or a text with a unit. */
    DURATION,
    TEXT,
    /** One of some words. */
    CHOICE,
    FILE,
    /** A list of integers. */
    INTEGERS,
    /** A list of texts. */
    TEXTS
}
