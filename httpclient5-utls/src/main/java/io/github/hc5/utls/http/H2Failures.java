package io.github.hc5.utls.http;

import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hc.core5.util.Timeout;

/**
 * The streams of a connection that are to be broken off: those that other threads have given up, and those whose response
 * has not come in time. Any thread may add a stream; all else is for the I/O thread.
 */
final class H2Failures {

    private final H2Session owner;
    private final Set<H2Stream> live;
    private final ResponseDeadlines deadlines;
    private final Queue<H2Stream> givenUp = new ConcurrentLinkedQueue<>();

    H2Failures(H2Session owner, Set<H2Stream> live, ResponseDeadlines deadlines) {
        this.owner = owner;
        this.live = live;
        this.deadlines = deadlines;
    }

    /** Adds a stream that has its failure. */
    void add(H2Stream stream) {
        givenUp.add(stream);
    }

    /** Looks after the response timeout of a stream that has been opened. */
    void watch(H2Stream stream) {
        Timeout timeout = stream.responseTimeout();
        if (timeout != null) {
            deadlines.watch(stream.lastActivityNanos() + timeout.toNanoseconds());
        }
    }

    boolean areDue() {
        return !givenUp.isEmpty() || deadlines.hasPassed();
    }

    /** Breaks off those that are due. */
    void run() {
        for (H2Stream stream = givenUp.poll(); stream != null; stream = givenUp.poll()) {
            Exception cause = stream.failure();
            if (cause != null) {
                owner.abort(stream, cause);
            }
        }
        if (deadlines.poll()) {
            long now = owner.nanoTime();
            for (H2Stream stream : new ArrayList<>(live)) {
                Timeout timeout = stream.responseTimeout();
                if (timeout == null) {
                    continue;
                }
                long deadline = stream.lastActivityNanos() + timeout.toNanoseconds();
                if (deadline - now <= 0) {
                    owner.abort(stream, new SocketTimeoutException("No response for " + timeout));
                } else {
                    deadlines.watch(deadline);
                }
            }
        }
    }
}
