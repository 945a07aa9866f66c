package io.github.hc5.utls.cluster;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RFuture;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link of one node to Redis: connects, beats, and knows how Redis fares and how many nodes there are.
 *
 * <p>All that this package decides, it decides on one thread, the link's own ({@code utls-cluster}), which never blocks:
 * commands are asynchronous, and each answer, failure and timeout comes back to that thread. So the members need no lock.
 * Connecting blocks in Redisson, and has a thread of its own for as long as it takes.
 *
 * <p>The registry of nodes lives by the time of Redis alone. For what the {@link RedisClock} is needed, see
 * {@link PermitIds}.
 */
final class RedisLink implements AutoCloseable {

    /** A part that shares the link; called on its thread only. */
    interface Member {

        /** It is time to renew what is held. {@code client} may be slow or down. */
        void beat(RedissonClient client);

        /** The state is another than before. */
        void changed(ClusterState before, ClusterState after);

        /** A node has published something, perhaps this one. */
        void received(List<String> words);

        /** The link is being closed: gives back what is held. */
        CompletionStage<?> leave(RedissonClient client);
    }

    /** What comes of a command. One of {@link #got} and {@link #failed} is called, once. */
    interface Answer<T> {
        void got(T value);

        void failed();

        /** The answer came after {@link #failed} had been called for it. */
        default void late(T value) {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    private static final String BEAT = "local t = redis.call('TIME');"
            + " local now = t[1] * 1000 + math.floor(t[2] / 1000);"
            + " redis.call('zadd', KEYS[1], now + ARGV[2], ARGV[1]);"
            + " redis.call('zremrangebyscore', KEYS[1], '-inf', now);"
            + " redis.call('pexpire', KEYS[1], ARGV[2] * 10);"
            + " return {now, redis.call('zcard', KEYS[1])}";

    private static final String NO_RATE = "RateLimiter is not initialized";
    private static final Duration IMPATIENT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    final ClusterSettings settings;
    final RedisClock clock;
    final String node = UUID.randomUUID().toString();
    private final ScheduledThreadPoolExecutor thread;
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final List<Consumer<ClusterHealth>> listeners = new CopyOnWriteArrayList<>();
    private volatile ClusterHealth health;
    private volatile long sinceNanos = System.nanoTime();
    private volatile int nodes = 1;
    private volatile boolean closed;
    private volatile @Nullable Thread connecting;

    /** Confined to the thread, as is what follows. */
    private final RedisCalls calls = new RedisCalls(this);

    private @Nullable ScheduledFuture<?> nextBeat;

    private long connectDelayMillis = 100;

    /** @param clock by which Redisson reckons: this machine's, but where a test gives Redisson another */
    RedisLink(ClusterSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = new RedisClock(clock, System::nanoTime, settings.lease());
        this.health = new ClusterHealth(
                ClusterState.CONNECTING, Duration.ZERO, "not connected yet", 1, Duration.ZERO, settings.policy());
        this.thread = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "utls-cluster"));
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Begins to connect; called once, when the members have been added. */
    @SuppressWarnings("FutureReturnValueIgnored") // not to be called off
    void start() {
        later(PATIENCE.toMillis(), () -> {
            if (state() == ClusterState.CONNECTING) {
                change(ClusterState.DOWN, "no connection within " + PATIENCE.toSeconds() + " s");
            }
        });
        connect();
    }

    void add(Member member) {
        members.add(member);
        run(() -> {
            if (isUp()) {
                member.changed(ClusterState.CONNECTING, ClusterState.UP);
            }
        });
    }

    void remove(Member member) {
        members.remove(member);
    }

    void onHealth(Consumer<ClusterHealth> listener) {
        listeners.add(listener);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread result = new Thread(task, name);
        result.setDaemon(true);
        return result;
    }

    // ---- what is known

    ClusterState state() {
        return health.state();
    }

    boolean isUp() {
        return state() == ClusterState.UP;
    }

    int nodes() {
        return nodes;
    }

    /** What must be added to this machine's clock to have that of Redis. */
    long offsetMillis() {
        return clock.offsetMillis();
    }

    /** On the thread: takes notice if the clock has been set since the last heartbeat. */
    void watchClock() {
        if (isUp() && !clock.isNear()) {
            change(ClusterState.CLOCK_SKEW, skew());
        }
    }

    private String skew() {
        return "this machine's clock differs from that of Redis by " + clock.offsetMillis() + " ms";
    }

    ClusterHealth health() {
        ClusterHealth h = health;
        return new ClusterHealth(
                h.state(),
                Duration.ofNanos(System.nanoTime() - sinceNanos),
                h.cause(),
                nodes,
                clock.offset(),
                h.policy());
    }

    String key(String name) {
        return settings.keyPrefix() + ":" + name;
    }

    // ---- the thread

    /** Runs a task on the link's thread; not at all once closed. */
    void run(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.trace("closed already", e);
        }
    }

    @Nullable
    ScheduledFuture<?> later(long millis, Runnable task) {
        try {
            return thread.schedule(() -> guarded(task), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // the executor would keep it to itself
            LOG.error("a task of the cluster link failed", e);
        }
    }

    // ---- asking

    /** On the thread: see {@link RedisCalls#ask}. */
    <T> void ask(Function<RedissonClient, RFuture<T>> command, Answer<T> answer) {
        calls.ask(command, answer);
    }

    /** On the thread: whether a command can be sent; not before the first connection, and not once closed. */
    boolean canAsk() {
        return calls.client() != null;
    }

    static void cancel(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** On the thread: tells every node, this one too. Best effort: what is told must be stored as well. */
    void publish(String... words) {
        RedissonClient to = calls.client();
        if (to != null) {
            to.getTopic(key("events"), StringCodec.INSTANCE)
                    .publishAsync(String.join("|", words))
                    .whenComplete((receivers, failure) -> {
                        if (failure != null) {
                            run(() -> failed(failure));
                        }
                    });
        }
    }

    /** On the thread: a command or a connect has failed. */
    void failed(Throwable failure) {
        // a rate that Redis does not know (yet): an answer like any other
        if (closed || String.valueOf(failure.getMessage()).contains(NO_RATE)) {
            return;
        }
        ClusterState meaning = RedisClients.meaning(failure);
        if (meaning != ClusterState.SLOW || isUp()) {
            change(meaning, RedisClients.reason(failure));
        } else if (state() == ClusterState.CONNECTING) {
            change(ClusterState.DOWN, RedisClients.reason(failure));
        }
        // else: what is down has no connection to give either, and what is slow still is
    }

    // ---- connecting

    private void connect() {
        if (closed) {
            return;
        }
        Thread worker = daemon(this::connectBlocking, "utls-cluster-connect");
        connecting = worker;
        worker.start();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the next try is not to be called off
    private void connectBlocking() {
        try {
            RedissonClient made = RedisClients.connect(settings);
            if (closed) {
                shutDown(made);
            } else {
                thread.execute(() -> guarded(() -> connected(made)));
            }
        } catch (RejectedExecutionException e) {
            LOG.trace("closed while connecting", e);
        } catch (RuntimeException e) {
            run(() -> {
                failed(e);
                later(connectDelayMillis, this::connect);
                connectDelayMillis = Math.min(2 * connectDelayMillis, IMPATIENT.toMillis());
            });
        }
    }

    private void connected(RedissonClient made) {
        calls.connected(made);
        made.getTopic(key("events"), StringCodec.INSTANCE)
                .addListenerAsync(
                        String.class,
                        (channel, message) -> run(() -> {
                            List<String> words = List.of(message.split("\\|", -1));
                            members.forEach(member -> member.received(words));
                        }))
                .whenComplete((id, failure) -> {
                    if (failure != null) {
                        run(() -> failed(failure));
                    }
                });
        beat();
    }

    // ---- beating

    private void beat() {
        RedissonClient to = calls.client();
        if (to == null || closed) {
            return;
        }
        cancel(nextBeat);
        Duration pause = isUp() || settings.heartbeat().compareTo(IMPATIENT) < 0 ? settings.heartbeat() : IMPATIENT;
        nextBeat = later(pause.toMillis(), this::beat);
        long sent = System.nanoTime();
        ask(
                c -> c.getScript(StringCodec.INSTANCE)
                        .<List<Object>>evalAsync(
                                RScript.Mode.READ_WRITE,
                                BEAT,
                                RScript.ReturnType.LIST,
                                List.of(key("nodes")),
                                node,
                                String.valueOf(settings.lease().toMillis())),
                new Answer<>() {
                    @Override
                    public void got(List<Object> value) {
                        clock.heard(Long.parseLong(value.get(0).toString()), sent, System.nanoTime());
                        heard(value);
                    }

                    @Override
                    public void failed() {}
                });
        // before anything is renewed
        watchClock();
        members.forEach(member -> member.beat(to));
    }

    private void heard(List<Object> value) {
        nodes = Math.max(1, Integer.parseInt(value.get(1).toString()));
        if (clock.isNear()) {
            change(ClusterState.UP, "");
        } else {
            change(ClusterState.CLOCK_SKEW, skew());
        }
    }

    void change(ClusterState state, String cause) {
        ClusterState before = health.state();
        if (closed || state == before) {
            return;
        }
        sinceNanos = System.nanoTime();
        health = new ClusterHealth(state, Duration.ZERO, cause, nodes, clock.offset(), settings.policy());
        if (state == ClusterState.UP) {
            LOG.info("Redis {}: up, {} nodes; limits hold across them", settings.addresses(), nodes);
        } else {
            LOG.warn(
                    "Redis {}: {} ({}); policy {} holds until it is back",
                    settings.addresses(),
                    state,
                    cause,
                    settings.policy());
            // looks again soon, whatever the heartbeat is
            cancel(nextBeat);
            nextBeat = later(Math.min(IMPATIENT.toMillis(), settings.heartbeat().toMillis()), this::beat);
        }
        members.forEach(member -> member.changed(before, state));
        listeners.forEach(listener -> guarded(() -> listener.accept(health())));
    }

    // ---- closing

    /** Leaves the registry and ends the threads; takes at most a few seconds if Redis does not answer. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        CompletableFuture<@Nullable RedissonClient> last = new CompletableFuture<>();
        RedissonClient to = null;
        run(() -> last.complete(calls.disconnect()));
        try {
            to = last.get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
            if (to != null) {
                goodbye(to).get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.debug("left without a goodbye: this node is forgotten after {}", settings.lease(), e);
        }
        thread.shutdownNow();
        Thread worker = connecting;
        if (worker != null) {
            worker.interrupt();
        }
        if (to != null) {
            shutDown(to);
        }
        try {
            thread.awaitTermination(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
            if (worker != null) {
                worker.join(3 * GOODBYE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        health = new ClusterHealth(
                ClusterState.CLOSED,
                Duration.ZERO,
                "closed by the application",
                nodes,
                clock.offset(),
                settings.policy());
    }

    /** Leaves once the answers have come: what they bring is to be given back too. */
    private CompletableFuture<Void> goodbye(RedissonClient to) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        run(() -> calls.whenAnswered(() -> leave(to, done)));
        return done;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // both outcomes are dealt with
    private void leave(RedissonClient to, CompletableFuture<Void> done) {
        CompletableFuture<?>[] all = Stream.concat(
                        members.stream().map(member -> member.leave(to)),
                        Stream.of(to.getScoredSortedSet(key("nodes"), StringCodec.INSTANCE)
                                .removeAsync(node)))
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(all).whenComplete((ignored, failure) -> done.complete(null));
    }

    private static void shutDown(RedissonClient client) {
        client.shutdown(0, 2, TimeUnit.SECONDS);
    }
}
