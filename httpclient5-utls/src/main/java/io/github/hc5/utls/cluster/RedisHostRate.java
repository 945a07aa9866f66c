package io.github.hc5.utls.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;

/**
 * A rate of requests by host that holds across all nodes with the same Redis and key prefix ({@link RRateLimiter}): one
 * round trip for each request that is let through, a pause and another one for each that has to wait. Thread-safe; never
 * blocks.
 *
 * <p>While Redis cannot be asked, the policy of {@link ClusterSettings} holds: {@code SHARE} lets through the rate divided
 * by the nodes last seen, evenly spaced, {@code OPEN} everything, {@code CLOSED} nothing. Clocks: Redisson counts by the
 * clock of the asking node; one that is off from Redis' by more than a third of the lease goes by the policy.
 */
public final class RedisHostRate {

    private static final long MIN_PAUSE_MILLIS = 5;
    private static final int MOST_HOSTS = 10_000;

    private final RedisLink link;
    private final long count;
    private final Duration interval;

    /** Confined to the link's thread: when a host's next request may go by policy. */
    private final Map<String, Long> nextNanos = new HashMap<>();

    RedisHostRate(RedisLink link, long count, Duration interval) {
        if (count < 1) {
            throw new IllegalArgumentException("count is " + count + ", must be 1 or more");
        }
        if (interval.compareTo(Duration.ofMillis(1)) < 0 || interval.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("interval is " + interval + ", must be from 1 ms to 1 day");
        }
        this.link = link;
        this.count = count;
        this.interval = interval;
    }

    /**
     * Waits for a request's turn.
     *
     * @return completes when the request may be sent, or with a {@link TimeoutException} when that was not so in time
     */
    public CompletionStage<Void> acquire(String host, Duration timeout) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        long deadline = System.nanoTime() + timeout.toNanos();
        String name = host.toLowerCase(Locale.ROOT);
        link.run(() -> ask(name, deadline, answer));
        if (link.state() == ClusterState.CLOSED) {
            answer.completeExceptionally(new IllegalStateException("the link to Redis is closed"));
        }
        return answer;
    }

    private void ask(String host, long deadlineNanos, CompletableFuture<Void> answer) {
        if (System.nanoTime() - deadlineNanos >= 0) {
            answer.completeExceptionally(new TimeoutException("the rate of " + host + " is used up"));
        } else if (!link.isUp()) {
            byPolicy(host, deadlineNanos, answer);
        } else {
            link.ask(client -> limiter(client, host).tryAcquireAsync(), new RedisLink.Answer<>() {
                @Override
                public void got(Boolean granted) {
                    if (granted) {
                        answer.complete(null);
                    } else {
                        again(host, deadlineNanos, answer, interval.toMillis() / (2 * count));
                    }
                }

                @Override
                public void failed() {
                    // the rate is not known to Redis yet, or not any more; or Redis is not up, then the policy is next
                    link.ask(
                            client -> limiter(client, host).trySetRateAsync(RateType.OVERALL, count, interval, keep()),
                            Answers.ignored());
                    again(host, deadlineNanos, answer, 0);
                }
            });
        }
    }

    private Duration keep() {
        Duration longer = interval.multipliedBy(2);
        Duration hour = Duration.ofHours(1);
        return longer.compareTo(hour) > 0 ? longer : hour;
    }

    private RRateLimiter limiter(RedissonClient client, String host) {
        return client.getRateLimiter(link.key("rate:" + host));
    }

    private void byPolicy(String host, long deadlineNanos, CompletableFuture<Void> answer) {
        long now = System.nanoTime();
        switch (link.settings.policy()) {
            case OPEN -> answer.complete(null);
            case CLOSED -> again(host, deadlineNanos, answer, 100);
            case SHARE -> {
                long next = nextNanos.getOrDefault(host, now);
                if (next - now <= 0) {
                    if (nextNanos.size() > MOST_HOSTS) {
                        nextNanos.values().removeIf(time -> time - now <= 0);
                    }
                    nextNanos.put(host, now + interval.toNanos() / count * link.nodes());
                    answer.complete(null);
                } else {
                    again(host, deadlineNanos, answer, (next - now) / 1_000_000L);
                }
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // not to be called off
    private void again(String host, long deadlineNanos, CompletableFuture<Void> answer, long millis) {
        long left = Math.max(0, (deadlineNanos - System.nanoTime()) / 1_000_000L) + 1;
        long pause = Math.min(left, Math.min(1000, Math.max(MIN_PAUSE_MILLIS, millis)));
        link.later(pause, () -> ask(host, deadlineNanos, answer));
    }
}
