package io.github.hc5.utls.samples.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with one line on stderr and an exit status. */
final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    private CliException(int exitStatus, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitStatus = exitStatus;
    }

    /** What was asked for did not work: exit status 1. */
    static CliException failure(String message, @Nullable Throwable cause) {
        return new CliException(ExitStatus.FAILED, message, cause);
    }

    /** What was asked for makes no sense: exit status 2. */
    static CliException usage(String message) {
        return new CliException(ExitStatus.USAGE, message, null);
    }

    /** What was asked for makes no sense, as {@code cause} says: exit status 2. */
    static CliException usage(String message, Throwable cause) {
        return new CliException(ExitStatus.USAGE, message, cause);
    }

    int exitStatus() {
        return exitStatus;
    }
}
