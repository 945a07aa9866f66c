package io.github.hc5.utls.samples.cli;

/** The exit statuses of every command. */
final class ExitStatus {

    /** All that was asked for succeeded; for {@code fetch}: every request got an answer. */
    static final int OK = 0;

    /** Something failed, or a comparison found a difference. */
    static final int FAILED = 1;

    /** The command line itself is wrong, or asks for what this version cannot do yet. */
    static final int USAGE = 2;

    private ExitStatus() {}
}
