package io.github.hc5.utls.samples.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * A line on a terminal that says how far a long run is, rewritten in place. Not safe for use by several threads.
 *
 * <p>It shows up only once a run has taken a second: short runs need none.
 */
final class Progress {

    static final Duration INTERVAL = Duration.ofMillis(250);

    private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();
    private static final double NANOS_IN_SECOND = 1e9;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream terminal;
    private final long requests;
    private final long startNanos;

    private long answered;
    private long failed;
    private long bytes;
    private boolean shown;

    Progress(PrintStream terminal, long requests, long startNanos) {
        this.terminal = terminal;
        this.requests = requests;
        this.startNanos = startNanos;
    }

    /** Counts bytes of a body that arrived. */
    void received(int count) {
        bytes += count;
    }

    /** Counts a request that ended. */
    void ended(boolean withAnswer) {
        if (withAnswer) {
            answered++;
        } else {
            failed++;
        }
    }

    /** Writes or rewrites the line. */
    void show(long nowNanos) {
        long elapsedNanos = nowNanos - startNanos;
        if (elapsedNanos < QUIET_NANOS) {
            return;
        }
        double seconds = elapsedNanos / NANOS_IN_SECOND;
        terminal.printf(
                Locale.ROOT,
                "%s%,d of %,d requests, %,d failed, %,d bytes, %.0f s, %.0f requests/s",
                ERASE_LINE,
                answered + failed,
                requests,
                failed,
                bytes,
                seconds,
                (answered + failed) / seconds);
        terminal.flush();
        shown = true;
    }

    /** Removes the line, so that something else can be written in its place. */
    void clear() {
        if (shown) {
            terminal.print(ERASE_LINE);
            terminal.flush();
            shown = false;
        }
    }
}
