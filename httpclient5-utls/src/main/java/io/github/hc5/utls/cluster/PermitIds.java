package io.github.hc5.utls.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RPermitExpirableSemaphore;
import org.redisson.api.RedissonClient;

/**
 * One cap in Redis: a {@link RPermitExpirableSemaphore}, whose permits have ids and expire unless renewed. Confined to the
 * link's thread.
 *
 * <p>Clocks: Redisson writes an expiry by the clock of the node that takes or renews, and whichever node asks next expires
 * what is due by its own clock. So a node writes its expiries in the time of Redis (lease plus its offset from Redis'
 * clock, see {@link RedisClock}), and a node whose clock is further from that of Redis than a third of the lease does nothing
 * that expires permits ({@link ClusterState#CLOCK_SKEW}): it takes and renews none, and gives back one by one, which alone
 * expires nothing. It goes on by policy, and so adds at most what that grants to what the others hold by Redis. A clock
 * that is set is noticed before the next command. Permits are renewed every third of the lease or more often.
 * So a permit whose node lives expires early by skew never: a node may expire it at two thirds of the lease at the
 * earliest. That of a dead node comes back after the lease, a third of it earlier or later at worst.
 */
final class PermitIds {

    /** Hosts that nobody asks for any more leave Redis by themselves. */
    private static final Duration KEPT = Duration.ofDays(1);

    private static final int MOST_AT_ONCE = 500;

    private final RedisLink link;
    private final String name;
    private int limit;
    private final List<String> unused = new ArrayList<>();
    private boolean givingBack;

    PermitIds(RedisLink link, String name, int limit) {
        this.link = link;
        this.name = link.key("permits:" + name);
        this.limit = limit;
    }

    /** How many permits there are, 0: no cap. */
    int limit() {
        return limit;
    }

    boolean isCapped() {
        return limit > 0;
    }

    void setLimit(int newLimit) {
        limit = newLimit;
    }

    /** What this node may have of the cap if all have the same. */
    int share() {
        return limit / link.nodes();
    }

    private RPermitExpirableSemaphore semaphore(RedissonClient client) {
        return client.getPermitExpirableSemaphore(name);
    }

    private long leaseMillis() {
        return link.settings.lease().toMillis() + link.offsetMillis();
    }

    /** Makes the limit that of Redis. */
    void store() {
        if (isCapped()) {
            link.ask(client -> semaphore(client).setPermitsAsync(limit), ignored());
            keep();
        }
    }

    /** Puts off the time at which Redis forgets the cap. */
    void keep() {
        if (isCapped()) {
            link.ask(client -> semaphore(client).expireAsync(KEPT), ignored());
        }
    }

    /** Makes the cap anew if Redis does not have it, as after a loss of data; answers if that was so. */
    void storeIfMissing(RedisLink.Answer<Boolean> answer) {
        link.ask(client -> semaphore(client).trySetPermitsAsync(limit), answer);
    }

    /** Answers with {@code count} ids, or with none if there are fewer. */
    void take(int count, RedisLink.Answer<List<String>> answer) {
        if (!link.clock.isNear()) {
            answer.failed();
            return;
        }
        link.ask(
                client -> semaphore(client).tryAcquireAsync(count, 0, leaseMillis(), TimeUnit.MILLISECONDS),
                new RedisLink.Answer<>() {
                    @Override
                    public void got(List<String> ids) {
                        answer.got(ids);
                    }

                    @Override
                    public void failed() {
                        answer.failed();
                    }

                    @Override
                    public void late(List<String> ids) {
                        ids.forEach(PermitIds.this::giveBack);
                    }
                });
    }

    /** Answers if the id is still this node's. */
    void renew(String id, RedisLink.Answer<Boolean> answer) {
        if (!link.clock.isNear()) {
            answer.failed();
            return;
        }
        link.ask(client -> semaphore(client).updateLeaseTimeAsync(id, leaseMillis(), TimeUnit.MILLISECONDS), answer);
    }

    /** Gives an id back, with others that come back while Redis is being told of those before. */
    void giveBack(String id) {
        unused.add(id);
        if (!givingBack) {
            givingBack = true;
            link.run(this::giveBackAll);
        }
    }

    private void giveBackAll() {
        if (unused.isEmpty() || !link.canAsk()) {
            // what is left then is given back with the goodbye
            givingBack = false;
            return;
        }
        List<String> next = unused.subList(0, Math.min(MOST_AT_ONCE, unused.size()));
        List<String> ids = List.copyOf(next);
        next.clear();
        if (!link.clock.isNear()) {
            oneByOne(ids);
            giveBackAll();
            return;
        }
        link.ask(client -> semaphore(client).tryReleaseAsync(ids), new RedisLink.Answer<>() {
            @Override
            public void got(Integer count) {
                // all or none are released: one that has expired must not hold the others back
                if (count == 0 && ids.size() > 1) {
                    oneByOne(ids);
                }
                giveBackAll();
            }

            @Override
            public void failed() {
                // nobody renews them: they come back with the end of their lease
                giveBackAll();
            }
        });
    }

    private void oneByOne(List<String> ids) {
        ids.forEach(id -> link.ask(client -> semaphore(client).tryReleaseAsync(id), ignored()));
    }

    /** Gives back all, one by one if one of them has expired, for which Redis releases none of several, or the clock is off. */
    CompletionStage<?> leave(RedissonClient client, List<String> held) {
        List<String> ids = new ArrayList<>(unused);
        ids.addAll(held);
        if (ids.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        RPermitExpirableSemaphore semaphore = semaphore(client);
        if (!link.clock.isNear()) {
            return oneByOne(semaphore, ids);
        }
        return semaphore
                .tryReleaseAsync(ids)
                .thenCompose(count -> count > 0 || ids.size() == 1
                        ? CompletableFuture.completedFuture(null)
                        : oneByOne(semaphore, ids));
    }

    private static CompletableFuture<Void> oneByOne(RPermitExpirableSemaphore semaphore, List<String> ids) {
        return CompletableFuture.allOf(ids.stream()
                .map(id -> semaphore.tryReleaseAsync(id).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    private static <T> RedisLink.Answer<T> ignored() {
        return new RedisLink.Answer<>() {
            @Override
            public void got(T value) {}

            @Override
            public void failed() {}
        };
    }
}
