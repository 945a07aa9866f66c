package io.github.hc5.utls.cluster;

import io.github.hc5.utls.pool.LeasePermits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What this node has of one host's cap, and who waits for more. Confined to the link's thread.
 *
 * <p>While Redis is up, permits are taken in blocks: as many as wait, up to the block size, in one round trip; while it is
 * under way, more may come to wait. What is refused is asked for again as half as many, in the end one, then after a pause
 * that doubles, with jitter. A node that has less than its share and gets none says so, and nodes that have more than theirs
 * give one up each time, so that all make progress though connections are kept open.
 *
 * <p>While Redis is not up, the policy decides; what it grants is backed by Redis once that is up again, and revoked if it
 * cannot be. The same heals a node that was stopped for longer than its lease and a Redis that lost its data.
 */
final class HostCap {

    private static final long WANT_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LOOK_AGAIN_MILLIS = 200;
    private static final long LOSS_CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final long KEEP_NANOS = TimeUnit.HOURS.toNanos(1);

    /** The time for which a single permit may be kept where nodes have to take turns. */
    private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Waiter(
            CompletableFuture<LeasePermits.Permit> answer, Consumer<LeasePermits.Permit> revoked, long deadlineNanos) {}

    final RedisLink link;
    private final RedisLeasePermits permits;
    private final String host;
    final PermitIds ids;
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private final Set<HeldPermit> held = new LinkedHashSet<>();
    private final PermitBacking backing;
    private @Nullable ScheduledFuture<?> nextPump;
    private boolean asking;
    private int block;
    private int refusals;
    private long graceEndsNanos;
    private long wantedNanos;
    private long lossCheckedNanos;
    private long keptNanos = System.nanoTime();
    private long usedNanos = System.nanoTime();

    HostCap(RedisLink link, RedisLeasePermits permits, String host, int limit) {
        this.link = link;
        this.permits = permits;
        this.host = host;
        this.ids = new PermitIds(link, "host:" + host, limit);
        this.block = link.settings.blockSize();
        this.backing = new PermitBacking(this, permits.total);
        this.wantedNanos = System.nanoTime() - WANT_AGAIN_NANOS;
        this.lossCheckedNanos = System.nanoTime() - LOSS_CHECK_NANOS;
        this.graceEndsNanos = System.nanoTime();
    }

    Set<HeldPermit> held() {
        return held;
    }

    private long active() {
        return held.stream().filter(permit -> !permit.leaving).count();
    }

    // ---- asking

    void add(CompletableFuture<LeasePermits.Permit> answer, Duration timeout, Consumer<LeasePermits.Permit> revoked) {
        usedNanos = System.nanoTime();
        waiters.add(new Waiter(answer, revoked, System.nanoTime() + timeout.toNanos()));
        pump();
    }

    /** Serves who waits, as far as can be. */
    void pump() {
        long now = System.nanoTime();
        while (!waiters.isEmpty() && waiters.getFirst().deadlineNanos() - now < 0) {
            waiters.remove().answer().completeExceptionally(new TimeoutException("no permit for " + host));
        }
        if (waiters.isEmpty() || link.state() == ClusterState.CONNECTING) {
            return;
        }
        link.watchClock();
        if (!link.isUp() || graceEndsNanos - now > 0) {
            grantByPolicy();
        } else if (!permits.isReady() || backing.isBusy()) {
            pumpLater(LOOK_AGAIN_MILLIS);
        } else if (!ids.isCapped() && !permits.total.isCapped()) {
            while (!waiters.isEmpty()) {
                grant(null, null);
            }
        } else if (!asking && nextPump == null && link.canAsk()) {
            asking = true;
            take(Math.min(block, waiters.size()));
        }
    }

    private void pumpLater(long millis) {
        if (nextPump == null) {
            nextPump = link.later(millis, () -> {
                nextPump = null;
                pump();
            });
        }
    }

    private void take(int count) {
        List<@Nullable String> none = Collections.nCopies(count, null);
        if (!ids.isCapped()) {
            takeTotal(none);
        } else {
            ids.take(count, answer(taken -> {
                if (taken.isEmpty()) {
                    refused(count, ids);
                } else {
                    takeTotal(taken);
                }
            }));
        }
    }

    private void takeTotal(List<? extends @Nullable String> hostIds) {
        if (!permits.total.isCapped()) {
            taken(hostIds, Collections.nCopies(hostIds.size(), null));
            return;
        }
        permits.total.take(hostIds.size(), new RedisLink.Answer<>() {
            @Override
            public void got(List<String> totalIds) {
                if (totalIds.isEmpty()) {
                    giveBack(hostIds);
                    refused(hostIds.size(), permits.total);
                } else {
                    taken(hostIds, totalIds);
                }
            }

            @Override
            public void failed() {
                giveBack(hostIds);
                unanswered();
            }
        });
    }

    private <T> RedisLink.Answer<T> answer(Consumer<T> got) {
        return new RedisLink.Answer<>() {
            @Override
            public void got(T value) {
                got.accept(value);
            }

            @Override
            public void failed() {
                unanswered();
            }
        };
    }

    private void unanswered() {
        asking = false;
        pump();
    }

    private void giveBack(List<? extends @Nullable String> hostIds) {
        hostIds.stream().filter(Objects::nonNull).forEach(id -> ids.giveBack(id));
    }

    private void taken(List<? extends @Nullable String> hostIds, List<? extends @Nullable String> totalIds) {
        asking = false;
        refusals = 0;
        block = Math.min(link.settings.blockSize(), 2 * block);
        for (int i = 0; i < hostIds.size(); i++) {
            grant(hostIds.get(i), totalIds.get(i));
        }
        pump();
    }

    private void refused(int count, PermitIds by) {
        if (count > 1) {
            block = count / 2;
            take(block);
            return;
        }
        want(by);
        refusals++;
        long now = System.nanoTime();
        if (now - lossCheckedNanos < LOSS_CHECK_NANOS) {
            pause();
            return;
        }
        lossCheckedNanos = now;
        // none left, or the data is lost: then those who have permits are given the time to say so
        by.storeIfMissing(answer(missing -> {
            if (missing) {
                graceEndsNanos =
                        System.nanoTime() + 3 * link.settings.heartbeat().toNanos() / 2;
            }
            pause();
        }));
    }

    private void pause() {
        asking = false;
        double doubled = (double) link.settings.minBackoff().toMillis() * Math.pow(2, Math.min(20, refusals - 1));
        double pause = Math.min((double) link.settings.maxBackoff().toMillis(), doubled);
        pumpLater(Math.max(1, (long) (pause * (0.5 + ThreadLocalRandom.current().nextDouble() / 2))));
    }

    private void want(PermitIds by) {
        long now = System.nanoTime();
        if (active() < Math.max(1, by.share()) && now - wantedNanos >= WANT_AGAIN_NANOS) {
            wantedNanos = now;
            link.publish("want", by == ids ? host : RedisLeasePermits.TOTAL, link.node);
        }
    }

    /** Another node has less than its share: gives up one permit if this node has more than its own. */
    boolean giveWay(int share) {
        long active = active();
        if (active == 0 || active <= share) {
            return false;
        }
        long now = System.nanoTime();
        for (HeldPermit permit : held) {
            if (!permit.leaving && (share > 0 || now - permit.sinceNanos >= TURN_NANOS)) {
                permit.revoke();
                return true;
            }
        }
        return false;
    }

    // ---- granting

    private void grantByPolicy() {
        switch (link.settings.policy()) {
            case OPEN -> {
                while (!waiters.isEmpty()) {
                    grant(null, null);
                }
            }
            case SHARE -> {
                while (!waiters.isEmpty() && held.size() < mayHave() && permits.mayHaveMore()) {
                    grant(null, null);
                }
            }
            case CLOSED -> {
                // those who wait do so until their time is up, or until Redis is back
            }
        }
        if (!waiters.isEmpty()) {
            pumpLater(LOOK_AGAIN_MILLIS);
        }
    }

    private int mayHave() {
        return ids.isCapped() ? Math.max(1, ids.share()) : Integer.MAX_VALUE;
    }

    private void grant(@Nullable String hostId, @Nullable String totalId) {
        Waiter waiter = waiters.poll();
        if (waiter == null) {
            giveBack(hostId, totalId);
            return;
        }
        HeldPermit permit = new HeldPermit(this, waiter.revoked());
        permit.hostId = hostId;
        permit.totalId = totalId;
        held.add(permit);
        permits.count(1);
        waiter.answer().complete(permit);
    }

    private void giveBack(@Nullable String hostId, @Nullable String totalId) {
        if (hostId != null) {
            ids.giveBack(hostId);
        }
        if (totalId != null) {
            permits.total.giveBack(totalId);
        }
    }

    void released(HeldPermit permit) {
        if (held.remove(permit)) {
            usedNanos = System.nanoTime();
            permits.count(-1);
            giveBack(permit.hostId, permit.totalId);
            if (!link.isUp()) {
                pump();
            }
        }
    }

    // ---- the course of time

    /** Renews what is held. Returns whether the cap is still of use. */
    boolean beat(boolean leaseIsOver) {
        long now = System.nanoTime();
        pump();
        backing.renew();
        if (!link.isUp() && leaseIsOver && link.settings.policy() == ClusterSettings.Policy.SHARE) {
            revokeBeyond(mayHave());
        }
        if (now - keptNanos > KEEP_NANOS) {
            keptNanos = now;
            ids.keep();
        }
        return !held.isEmpty() || !waiters.isEmpty() || now - usedNanos < FORGET_NANOS;
    }

    /** Nobody is served any more. */
    void close() {
        for (Waiter waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            waiter.answer().completeExceptionally(new CancellationException("the link to Redis is closed"));
        }
    }

    void stateChanged() {
        if (link.isUp()) {
            backing.renew();
        }
        pump();
    }

    private void revokeBeyond(long count) {
        long excess = active() - count;
        for (HeldPermit permit : new ArrayList<>(held)) {
            if (permit.leaving) {
                permit.revoke();
            } else if (excess-- > 0) {
                permit.revoke();
            }
        }
    }

    /** The limit is another now; where it is lower, this node gives up as much of what it has as all do. */
    void limitChanged(int limit) {
        int before = ids.limit();
        if (limit == before) {
            return;
        }
        ids.setLimit(limit);
        if (limit > 0 && limit < before) {
            revokeBeyond(active() * limit / before);
        }
        refusals = 0;
        backing.renew();
        pump();
    }
}
