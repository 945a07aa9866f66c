package io.github.hc5.utls.resilience;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A rate of requests by host that is kept outside this process, as by {@code RedisLeasePermits.rate(...)::acquire}.
 * Implementations are thread-safe and never block.
 */
@FunctionalInterface
public interface HostRateLimiter {

    /**
     * Waits for a request's turn.
     *
     * @param host the name of the target, without port
     * @param timeout for how long to wait at most
     * @return completes when the request may be sent, or exceptionally when that was not so in time
     */
    CompletionStage<Void> acquire(String host, Duration timeout);
}
