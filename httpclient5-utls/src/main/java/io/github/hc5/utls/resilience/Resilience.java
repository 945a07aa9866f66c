package io.github.hc5.utls.resilience;

import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.pool.AddressSnapshot;
import io.github.hc5.utls.pool.Exits;
import io.github.hc5.utls.pool.HostLimits;
import io.github.hc5.utls.pool.HotConnectionManager;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Args;
import org.jspecify.annotations.Nullable;

/**
 * Puts retries, timeouts, breakers and limits into a client, by one line:
 *
 * <pre>{@code
 * Resilience resilience = Resilience.builder().manager(manager).build();
 * CloseableHttpAsyncClient client = resilience.install(HttpAsyncClients.custom().setConnectionManager(manager)).build();
 * }</pre>
 *
 * <p>It takes the place of the client's own retry handler (automatic retries must not be disabled in the builder) and
 * adds one handler before all others, which holds the operation's deadline, and one behind them, which knows that a request
 * goes to a connection. Clients that share an object share its retry budget, breakers and limits.
 *
 * <p>Thread-safe; all settings can be replaced at run time.
 */
public final class Resilience {

    /** The attribute of a context with a {@link Duration}: the deadline of its operations, in place of the settings'. */
    public static final String OPERATION_TIMEOUT = "io.github.hc5.utls.resilience.operation-timeout";

    /** The attribute of a context that says, after an operation, how far it had to go: a {@link DegradeLevel}. */
    public static final String DEGRADED = "io.github.hc5.utls.resilience.degraded";

    final WaitScheduler time;
    final UtlsRetryStrategy strategy;
    final AttemptLimits limits;
    final HostGuards guards;
    private final DeadlineWheel wheel;
    private final Predicate<HttpRoute> hasOtherAddress;
    private final BooleanSupplier onBackup;
    private final LongAdder operations = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final Map<DegradeLevel, LongAdder> degraded = new EnumMap<>(DegradeLevel.class);
    private final @Nullable Exits exits;
    final @Nullable HostRateLimiter sharedRate;

    private Resilience(Builder builder) {
        this.time = builder.time;
        this.hasOtherAddress = builder.hasOtherAddress;
        this.onBackup = builder.onBackup;
        this.exits = builder.exits;
        this.sharedRate = builder.sharedRate;
        this.strategy =
                new UtlsRetryStrategy(builder.retry, time, route -> hasOtherAddress.test(route) || hasOtherExit(route));
        this.limits = new AttemptLimits(builder.timeouts);
        this.guards = new HostGuards(builder.breaker, builder.rate, time);
        this.wheel = new DeadlineWheel(time);
        for (DegradeLevel level : DegradeLevel.values()) {
            degraded.put(level, new LongAdder());
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Builds the parts of a client. Not thread-safe. */
    public static final class Builder {
        private WaitScheduler time = WaitScheduler.shared();
        private RetrySettings retry = RetrySettings.defaults();
        private TimeoutSettings timeouts = TimeoutSettings.defaults();
        private BreakerSettings breaker = BreakerSettings.defaults();
        private RateSettings rate = RateSettings.defaults();
        private Predicate<HttpRoute> hasOtherAddress = route -> false;
        private BooleanSupplier onBackup = () -> false;
        private @Nullable Exits exits;
        private @Nullable HostRateLimiter sharedRate;

        private Builder() {}

        public Builder retry(RetrySettings value) {
            retry = value;
            return this;
        }

        public Builder timeouts(TimeoutSettings value) {
            timeouts = value;
            return this;
        }

        public Builder breaker(BreakerSettings value) {
            breaker = value;
            return this;
        }

        /** Sets the limits of every host that {@link Resilience#setRate} gives none of its own. */
        public Builder rate(RateSettings value) {
            rate = value;
            return this;
        }

        /** Sets where time and waits come from; tests set their own. */
        public Builder scheduler(WaitScheduler value) {
            time = value;
            return this;
        }

        /** Sets a rate by host that is kept outside this process, and waited for as long as {@link RateSettings} say. */
        public Builder sharedRate(@Nullable HostRateLimiter value) {
            sharedRate = value;
            return this;
        }

        /** Takes from the pool whether a host has further addresses to ask, and which other exits there are. */
        public Builder manager(HotConnectionManager manager) {
            hasOtherAddress = route -> isAnotherIn(manager, route);
            exits = manager.exits();
            return this;
        }

        /** Takes from the managers which of them is in use, and whether a host has further addresses to ask. */
        public Builder manager(FailoverConnectionManager manager) {
            onBackup = manager::isOnBackup;
            if (manager.primary() instanceof HotConnectionManager hot) {
                manager(hot);
            }
            return this;
        }

        private static boolean isAnotherIn(HotConnectionManager manager, HttpRoute route) {
            int usable = 0;
            int all = 0;
            for (AddressSnapshot address : manager.addresses().of(route)) {
                all++;
                usable += isUsable(address) ? 1 : 0;
            }
            return usable > 0 && all > 1;
        }

        private static boolean isUsable(AddressSnapshot address) {
            return !address.excluded()
                    && !address.denied()
                    && address.state() != AddressHealth.State.OUT
                    && address.state() != AddressHealth.State.PROBED;
        }

        public Resilience build() {
            return new Resilience(this);
        }
    }

    /** Adds all parts to a builder of clients, and returns it. */
    public HttpAsyncClientBuilder install(HttpAsyncClientBuilder client) {
        return client.setRetryStrategy(strategy)
                .replaceExecInterceptor(ChainElement.RETRY.name(), this::attempt)
                .addExecInterceptorFirst("utls-operation", this::operation)
                .addExecInterceptorLast("utls-sending", Resilience::sending);
    }

    /** Returns the strategy alone, for clients that keep HttpClient's own retry handler. */
    public UtlsRetryStrategy strategy() {
        return strategy;
    }

    private void operation(
            HttpRequest request,
            @Nullable AsyncEntityProducer producer,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback)
            throws HttpException, IOException {
        long now = time.nanoTime();
        Duration limit = limits.settings().operation();
        if (scope.clientContext.getAttribute(OPERATION_TIMEOUT) instanceof Duration own) {
            limit = own;
        }
        operations.increment();
        strategy.requested(now);
        if (scope.clientContext.getAttribute(DEGRADED) != null) {
            // of an operation before, in a context that is used again
            scope.clientContext.removeAttribute(DEGRADED);
        }
        Operation operation = new Operation(this, wheel, scope, callback, limit, now + limit.toNanos());
        wheel.add(operation);
        scope.cancellableDependency.setDependency(operation);
        AsyncExecChain.Scope own = new AsyncExecChain.Scope(
                scope.exchangeId,
                scope.route,
                scope.originalRequest,
                operation,
                scope.clientContext,
                scope.execRuntime,
                scope.scheduler,
                scope.execCount);
        try {
            chain.proceed(request, producer, own, operation);
        } catch (HttpException | IOException | RuntimeException e) {
            operation.failed(e);
        }
    }

    private void attempt(
            HttpRequest request,
            @Nullable AsyncEntityProducer producer,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback) {
        Operation operation = operationOf(scope);
        Attempt attempt = new Attempt(this, operation, request, producer, scope, chain, callback, time.nanoTime());
        operation.current = attempt;
        attempt.begin();
    }

    private static void sending(
            HttpRequest request,
            @Nullable AsyncEntityProducer producer,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback)
            throws HttpException, IOException {
        Operation operation = operationOf(scope);
        Attempt attempt = operation.current;
        if (operation.hasEnded() || (attempt != null && attempt.isOver())) {
            callback.failed(new InterruptedIOException("The operation is over"));
            return;
        }
        if (attempt != null) {
            attempt.sending();
        }
        chain.proceed(request, producer, scope, callback);
    }

    private static Operation operationOf(AsyncExecChain.Scope scope) {
        if (scope.cancellableDependency instanceof Operation operation) {
            return operation;
        }
        throw new IllegalStateException("another handler of the client has put its own scope in place of this one's");
    }

    // ---- what the tries ask

    /** A request is about to be tried again. */
    void retried() {
        retries.increment();
    }

    /** An operation is over, and had to go so far. */
    void degraded(DegradeLevel level) {
        LongAdder count = degraded.get(level);
        if (count != null) {
            count.increment();
        }
    }

    boolean isOnBackup() {
        return onBackup.getAsBoolean();
    }

    boolean hasOtherAddress(HttpRoute route) {
        return hasOtherAddress.test(route);
    }

    private boolean hasOtherExit(HttpRoute route) {
        Exits e = exits;
        return e != null && !isOnBackup() && e.hasAnother(route, List.of());
    }

    /** Returns the same target by an exit that has not been tried; the redirects that follow leave by it too. */
    @Nullable
    HttpRoute otherExit(HttpRoute route, List<HttpRoute> tried, HttpContext context) {
        Exits e = exits;
        return e == null ? null : e.another(route, tried, context);
    }

    // ---- at run time

    /**
     * What became of the operations so far.
     *
     * @param operations begun
     * @param retries that they caused
     * @param inFlight not ended
     * @param degraded how many of those that ended had to go how far; {@link DegradeLevel#NONE} is not counted
     */
    public record Report(long operations, long retries, int inFlight, Map<DegradeLevel, Long> degraded) {

        public Report {
            degraded = Map.copyOf(degraded);
        }
    }

    public Report report() {
        Map<DegradeLevel, Long> levels = new EnumMap<>(DegradeLevel.class);
        degraded.forEach((level, count) -> {
            if (level != DegradeLevel.NONE) {
                levels.put(level, count.sum());
            }
        });
        return new Report(operations.sum(), retries.sum(), wheel.size(), levels);
    }

    public void setRetrySettings(RetrySettings value) {
        strategy.setSettings(value);
    }

    public void setTimeoutSettings(TimeoutSettings value) {
        limits.setSettings(value);
    }

    /** Replaces the settings of all breakers, which are closed by it. */
    public void setBreakerSettings(BreakerSettings value) {
        guards.setBreaker(value);
    }

    /** Replaces the limits of hosts without their own; requests in flight do not count towards the new ones. */
    public void setDefaultRate(RateSettings value) {
        guards.setDefaultLimits(value);
    }

    /** Gives the hosts of some patterns rates and bounds of retries of their own; a host's own limits win. */
    public void setHostLimits(HostLimits value) {
        strategy.setHostLimits(value);
        guards.setPatterns(value);
    }

    /** Gives a host limits of its own. */
    public void setRate(HttpHost host, RateSettings value) {
        guards.setLimits(host, value);
    }

    /**
     * Keeps a time between the beginnings of two requests to a host, as the Crawl-delay of its robots.txt asks; a lower
     * rate that was set otherwise stays in force. It is remembered until it is set to zero.
     *
     * @throws IllegalArgumentException if the delay is negative
     */
    public void setCrawlDelay(HttpHost host, Duration delay) {
        Args.check(!delay.isNegative(), "the crawl delay of %s is %s, must be zero or positive", host, delay);
        guards.setCrawlDelay(host, delay);
    }
}
