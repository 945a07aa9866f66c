package io.github.hc5.utls.pool;

import java.util.concurrent.CompletableFuture;

/**
 * A {@link Prewarm} under way. Its future completes with the report once every connection is open or given up, the
 * timeout has passed, or it is cancelled; never exceptionally: failures are in the report. Thread-safe.
 */
public interface PrewarmProgress {

    /** Completes with the final report. */
    CompletableFuture<PrewarmReport> result();

    /** Returns how far it has come. */
    PrewarmReport report();

    /** Begins no more openings; those under way go on and stay in the pool. */
    void cancel();
}
