package io.github.hc5.utls.metrics;

import io.github.hc5.utls.health.Outcome;
import io.github.hc5.utls.pool.PoolListener;
import io.github.hc5.utls.pool.RouteSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * Records each exchange in a timer by host and outcome. After the first exchange of its kind that is a look-up by route
 * and what the registry's timer does. Thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // an array of timers, within one run
final class ResponseTimers implements PoolListener {

    /** As many routes are remembered; then they are looked up anew. */
    private static final int MOST_ROUTES = 4096;

    private static final Outcome[] OUTCOMES = Outcome.values();

    private final MeterRegistry registry;
    private final String pool;
    private final TagValues hosts;
    private final boolean records;
    private final Consumer<String> seen;
    private final Map<HttpRoute, ByOutcome> routes = new ConcurrentHashMap<>();
    private final Map<String, ByOutcome> timers = new ConcurrentHashMap<>();

    /**
     * Timers in this registry.
     *
     * @param records whether exchanges are recorded at all
     * @param seen told the tag of each host that has an exchange, once or a few times
     */
    ResponseTimers(MeterRegistry registry, String pool, TagValues hosts, boolean records, Consumer<String> seen) {
        this.registry = registry;
        this.pool = pool;
        this.hosts = hosts;
        this.records = records;
        this.seen = seen;
    }

    @Override
    public void exchangeEnded(
            HttpRoute route, @Nullable InetAddress address, Outcome outcome, int status, long elapsedNanos) {
        ByOutcome byOutcome = routes.get(route);
        if (byOutcome == null) {
            byOutcome = find(route);
        }
        if (records) {
            byOutcome.timer(outcome).record(elapsedNanos, TimeUnit.NANOSECONDS);
        }
    }

    private ByOutcome find(HttpRoute route) {
        if (routes.size() >= MOST_ROUTES) {
            routes.clear();
        }
        String host = hosts.of(RouteSnapshot.host(route));
        ByOutcome byOutcome = timers.computeIfAbsent(host, ByOutcome::new);
        routes.put(route, byOutcome);
        seen.accept(host);
        return byOutcome;
    }

    void close() {
        timers.values().forEach(ByOutcome::close);
    }

    private final class ByOutcome {

        private final String host;
        private final AtomicReferenceArray<@Nullable Timer> byOutcome = new AtomicReferenceArray<>(OUTCOMES.length);

        ByOutcome(String host) {
            this.host = host;
        }

        Timer timer(Outcome outcome) {
            Timer timer = byOutcome.get(outcome.ordinal());
            if (timer == null) {
                timer = Timer.builder(MeterTable.RESPONSE)
                        .description(MeterTable.RESPONSE_DESCRIPTION)
                        .tag(MeterTable.POOL_TAG, pool)
                        .tag(MeterTable.HOST_TAG, host)
                        .tag(MeterTable.OUTCOME_TAG, MetricNames.key(outcome))
                        .register(registry);
                byOutcome.set(outcome.ordinal(), timer);
            }
            return timer;
        }

        void close() {
            for (int i = 0; i < byOutcome.length(); i++) {
                Timer timer = byOutcome.get(i);
                if (timer != null) {
                    registry.remove(timer);
                }
            }
        }
    }
}
