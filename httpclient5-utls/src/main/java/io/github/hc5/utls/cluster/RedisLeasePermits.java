package io.github.hc5.utls.cluster;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.LeasePermits;
import io.github.hc5.utls.pool.StateStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.hc.client5.http.HttpRoute;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * A cap on open connections, by host and in total, that holds across all nodes which share a Redis and a key prefix. A host
 * is a name without port; connections through a proxy count for the target. Thread-safe; no call blocks but
 * {@link #close()}.
 *
 * <p>While Redis cannot be asked, the policy of {@link ClusterSettings} holds, so that no request waits for Redis; what each
 * node has by then is brought back under the cap once it is up again. The cap may be exceeded for a while: by the
 * connections of a node that was stopped for longer than its lease, until it goes on; by those that a policy granted; by
 * those of a node at a moment at which Redis lost its data. They are closed as soon as their exchanges are over.
 *
 * <p>A limit is in force on all nodes: the one last set at run time, or else that of the node that last began to use the
 * host.
 */
public final class RedisLeasePermits implements LeasePermits {

    static final String TOTAL = "+";
    private static final String DEFAULT = "*";
    private static final String LIMITS = "limits";

    private final RedisLink link;
    private final boolean ownsLink;
    private final AtomicInteger held = new AtomicInteger();

    /** Confined to the link's thread, as is what follows. */
    final PermitIds total;

    private final Map<String, HostCap> caps = new HashMap<>();
    private Map<String, Integer> limits = new HashMap<>();
    private boolean ready;
    private long upNanos = System.nanoTime();

    RedisLeasePermits(RedisLink link, boolean ownsLink) {
        this.link = link;
        this.ownsLink = ownsLink;
        this.total = new PermitIds(link, "total", link.settings.maxTotal());
        link.add(new Upkeep());
    }

    /**
     * Connects in the background and returns at once. Until the first answer of Redis, at most 15 s, permits are waited for.
     *
     * @param settings where Redis is, and the limits
     */
    public static RedisLeasePermits connect(ClusterSettings settings) {
        return connect(settings, Clock.systemUTC());
    }

    /** @param clock see {@link RedisLink} */
    static RedisLeasePermits connect(ClusterSettings settings, Clock clock) {
        RedisLink link = new RedisLink(settings, clock);
        RedisLeasePermits permits = new RedisLeasePermits(link, true);
        link.start();
        return permits;
    }

    @Override
    public CompletionStage<Permit> acquire(HttpRoute route, Duration timeout, Consumer<Permit> revoked) {
        String host = route.getTargetHost().getHostName().toLowerCase(Locale.ROOT);
        CompletableFuture<Permit> answer = new CompletableFuture<>();
        link.run(() -> cap(host).add(answer, timeout, revoked));
        if (link.state() == ClusterState.CLOSED) {
            answer.completeExceptionally(new IllegalStateException("the cluster's permits are closed"));
        }
        return answer;
    }

    /**
     * Shares the bans of a pool with those of the other nodes over the same link to Redis.
     *
     * @param manager in whose pool the bans are made and in force
     * @return to be closed to share no more; closed with these permits too
     */
    public RedisPoolState shareBans(HotConnectionManager manager) {
        return new RedisPoolState(link, manager.addresses());
    }

    /**
     * Returns where the state of a pool outlives it: in the same Redis, one for all nodes with the same key prefix. For
     * {@code HotConnectionManagerBuilder.setStateStore}; the manager is to be closed before these permits are.
     */
    public StateStore stateStore() {
        return new RedisStateStore(link);
    }

    /**
     * Returns a rate of requests by host over the same link to Redis; all nodes are to use the same figures.
     *
     * @param count of requests to one host, 1 or more, in each {@code interval}
     * @param interval 1 ms to 1 day
     * @throws IllegalArgumentException if a figure is outside its range
     */
    public RedisHostRate rate(long count, Duration interval) {
        return new RedisHostRate(link, count, interval);
    }

    /** Returns how many permits this node has. */
    public int held() {
        return held.get();
    }

    /** Returns how Redis fares. */
    public ClusterHealth health() {
        return link.health();
    }

    /**
     * Sets the cap of one host on all nodes, at once and for those that start later; connections beyond it are closed as
     * their exchanges end. While Redis is down it is set on this node only.
     *
     * @param limit 0 for none
     */
    public void setMaxPerHost(String host, int limit) {
        change(host.toLowerCase(Locale.ROOT), limit);
    }

    /** Sets the cap of each host that has none of its own, as {@link #setMaxPerHost(String, int)} does. */
    public void setMaxPerHost(int limit) {
        change(DEFAULT, limit);
    }

    /** Sets the cap over all hosts, as {@link #setMaxPerHost(String, int)} does. */
    public void setMaxTotal(int limit) {
        change(TOTAL, limit);
    }

    private void change(String name, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit is " + limit + ", must be 0 (no cap) or more");
        }
        link.run(() -> {
            apply(name, limit, true);
            link.ask(
                    client -> client.<String, String>getMap(link.key(LIMITS), StringCodec.INSTANCE)
                            .fastPutAsync(name, String.valueOf(limit)),
                    new RedisLink.Answer<>() {
                        @Override
                        public void got(Boolean isNew) {
                            link.publish("limit", name, String.valueOf(limit), link.node);
                        }

                        @Override
                        public void failed() {}
                    });
        });
    }

    // ---- on the link's thread

    private HostCap cap(String host) {
        HostCap cap = caps.get(host);
        if (cap == null) {
            cap = new HostCap(link, this, host, limitOf(host));
            caps.put(host, cap);
            if (ready && link.isUp()) {
                cap.ids.store();
            }
        }
        return cap;
    }

    private int limitOf(String host) {
        Integer own = limits.get(host);
        if (own != null) {
            return own;
        }
        Integer configured = link.settings.hostLimits().get(host);
        return configured != null ? configured : limits.getOrDefault(DEFAULT, link.settings.maxPerHost());
    }

    boolean isReady() {
        return ready;
    }

    void count(int change) {
        held.addAndGet(change);
    }

    /** By policy. */
    boolean mayHaveMore() {
        return !total.isCapped() || held.get() < Math.max(1, total.share());
    }

    private void apply(String name, int limit, boolean store) {
        limits.put(name, limit);
        if (name.equals(TOTAL)) {
            total.setLimit(limit);
            if (store) {
                total.store();
            }
        }
        caps.forEach((host, cap) -> {
            int now = limitOf(host);
            if (now != cap.ids.limit()) {
                cap.limitChanged(now);
                if (store) {
                    cap.ids.store();
                }
            }
        });
    }

    /** Nodes that start know what was set before; then the caps that this node uses are as they should be in Redis. */
    private void load() {
        link.ask(
                client -> client.<String, String>getMap(link.key(LIMITS), StringCodec.INSTANCE)
                        .readAllMapAsync(),
                new RedisLink.Answer<>() {
                    @Override
                    public void got(Map<String, String> stored) {
                        stored.forEach((name, limit) -> apply(name, Integer.parseInt(limit), false));
                        total.store();
                        caps.values().forEach(cap -> cap.ids.store());
                        ready = true;
                        caps.values().forEach(HostCap::stateChanged);
                    }

                    @Override
                    public void failed() {}
                });
    }

    private final class Upkeep implements RedisLink.Member {

        @Override
        public void beat(RedissonClient client) {
            long now = System.nanoTime();
            if (link.isUp()) {
                upNanos = now;
                if (!ready) {
                    load();
                }
            }
            boolean leaseIsOver = now - upNanos > link.settings.lease().toNanos();
            caps.values().removeIf(cap -> !cap.beat(leaseIsOver));
            total.keep();
        }

        @Override
        public void changed(ClusterState before, ClusterState after) {
            if (after == ClusterState.UP) {
                ready = false;
                load();
            } else {
                new ArrayList<>(caps.values()).forEach(HostCap::stateChanged);
            }
        }

        @Override
        public void received(List<String> words) {
            if (words.get(words.size() - 1).equals(link.node)) {
                return;
            }
            if (words.get(0).equals("limit") && words.size() == 4) {
                apply(words.get(1), Integer.parseInt(words.get(2)), false);
            } else if (words.get(0).equals("want") && words.size() == 3) {
                giveWay(words.get(1));
            }
        }

        private void giveWay(String name) {
            HostCap cap = caps.get(name);
            if (cap != null) {
                cap.giveWay(cap.ids.share());
            } else if (name.equals(TOTAL) && held.get() > total.share()) {
                for (HostCap each : caps.values()) {
                    if (each.giveWay(0)) {
                        return;
                    }
                }
            }
        }

        @Override
        public CompletionStage<?> leave(RedissonClient client) {
            List<CompletableFuture<?>> all = new ArrayList<>();
            List<String> totalIds = new ArrayList<>();
            for (HostCap cap : caps.values()) {
                cap.close();
                List<String> hostIds = new ArrayList<>();
                for (HeldPermit permit : cap.held()) {
                    if (permit.hostId != null) {
                        hostIds.add(permit.hostId);
                    }
                    if (permit.totalId != null) {
                        totalIds.add(permit.totalId);
                    }
                }
                all.add(cap.ids.leave(client, hostIds).toCompletableFuture());
            }
            all.add(total.leave(client, totalIds).toCompletableFuture());
            return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
        }
    }

    /** Gives back what is held and ends threads and connections; takes a few seconds at most. */
    @Override
    public void close() {
        if (ownsLink) {
            link.close();
        }
    }
}
