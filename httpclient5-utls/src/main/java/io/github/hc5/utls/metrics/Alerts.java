package io.github.hc5.utls.metrics;

import io.github.hc5.utls.pool.HotConnectionManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the figures of a pool from time to time and does what {@link AlertSettings} say when one is not as it should be.
 * Each alert fires once and clears once.
 *
 * <pre>{@code
 * Alerts alerts = Alerts.watch(manager, AlertSettings.defaults());
 * }</pre>
 *
 * <p>All of it happens on one daemon thread, {@code utls-alerts}, which ends with {@link #close()} or once the pool is
 * closed. Thread-safe.
 */
public final class Alerts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);

    private final Supplier<ToDoubleFunction<AlertMetric>> figures;
    private final LongSupplier clock;
    private final Supplier<Instant> wallClock;
    private final Map<String, AlertAction> actions = new HashMap<>();
    private volatile AlertSettings settings;

    /** Whether the pool is closed. */
    private volatile BooleanSupplier over = () -> false;

    /** Guarded by this. */
    private final AlertRules rules;

    /** Guarded by this; {@code null} in tests, which look themselves. */
    private @Nullable ScheduledExecutorService worker;

    /** Guarded by this. */
    private @Nullable ScheduledFuture<?> looking;

    Alerts(
            AlertSettings settings,
            Supplier<ToDoubleFunction<AlertMetric>> figures,
            LongSupplier clock,
            Supplier<Instant> wallClock,
            Map<String, AlertAction> actions) {
        this.settings = settings;
        this.figures = figures;
        this.clock = clock;
        this.wallClock = wallClock;
        this.actions.putAll(actions);
        this.rules = new AlertRules(settings.enabled() ? settings.rules() : List.of());
    }

    /**
     * Begins to watch a pool, with the actions that every pool has.
     *
     * @throws IllegalArgumentException if a rule names an action there is not
     */
    public static Alerts watch(HotConnectionManager manager, AlertSettings settings) {
        return watch(manager, settings, Map.of());
    }

    /**
     * Begins to watch a pool.
     *
     * @param more actions by the names that rules call them by; one under the name of a built-in action replaces that
     * @throws IllegalArgumentException if a rule names an action there is not
     */
    public static Alerts watch(HotConnectionManager manager, AlertSettings settings, Map<String, AlertAction> more) {
        ScheduledExecutorService worker =
                Executors.newSingleThreadScheduledExecutor(task -> thread("utls-alerts", task));
        Alerts alerts = new Alerts(settings, () -> AlertFigures.of(manager), System::nanoTime, Instant::now, Map.of());
        try {
            alerts.actions.put(AlertRule.LOG, new AlertLog());
            alerts.actions.put(AlertRule.WEBHOOK, new Webhook(alerts::settings));
            alerts.actions.put(AlertRule.SCALE_UP, new LimitGrowth(manager, alerts::settings));
            alerts.actions.put(AlertRule.SHUTDOWN, event -> shutDown(manager, event));
            alerts.actions.putAll(more);
            alerts.check(settings);
        } catch (RuntimeException e) {
            worker.shutdownNow();
            throw e;
        }
        alerts.begin(worker, manager::isClosed);
        return alerts;
    }

    private synchronized void begin(ScheduledExecutorService executor, BooleanSupplier isOver) {
        worker = executor;
        over = isOver;
        schedule(executor);
    }

    private void schedule(ScheduledExecutorService executor) {
        long millis = settings.interval().toMillis();
        looking = executor.scheduleWithFixedDelay(this::lookOrEnd, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void lookOrEnd() {
        if (over.getAsBoolean()) {
            close();
        } else {
            look();
        }
    }

    private static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private void check(AlertSettings checked) {
        for (AlertRule rule : checked.rules()) {
            for (String action : rule.actions()) {
                if (!actions.containsKey(action)) {
                    throw new IllegalArgumentException("the rule '" + rule.name() + "' has the action '" + action
                            + "', must be one of " + String.join(", ", new TreeSet<>(actions.keySet())));
                }
            }
        }
    }

    public AlertSettings settings() {
        return settings;
    }

    /**
     * Replaces the settings. Rules that stay as they were go on where they stand; those that go clear if they were firing.
     *
     * @throws IllegalArgumentException if a rule names an action there is not; nothing is changed then
     */
    public void setSettings(AlertSettings newSettings) {
        check(newSettings);
        List<AlertRules.Told> told = new ArrayList<>();
        synchronized (this) {
            settings = newSettings;
            told.addAll(rules.setRules(newSettings.enabled() ? newSettings.rules() : List.of(), wallClock.get()));
            ScheduledFuture<?> running = looking;
            if (worker != null && running != null && !worker.isShutdown()) {
                running.cancel(false);
                schedule(worker);
                worker.execute(() -> told.forEach(this::tell));
                return;
            }
        }
        told.forEach(this::tell);
    }

    /** Returns the rules whose alerts are firing. */
    public synchronized List<AlertRule> firing() {
        return rules.firing();
    }

    /** Looks at the figures now. */
    void look() {
        try {
            List<AlertRules.Told> told;
            synchronized (this) {
                told = rules.look(figures.get(), clock.getAsLong(), wallClock.get());
            }
            told.forEach(this::tell);
        } catch (RuntimeException e) {
            // a look that fails must not be the last one
            LOG.error("the figures of the pool could not be looked at", e);
        }
    }

    private void tell(AlertRules.Told told) {
        for (String name : told.event().rule().actions()) {
            AlertAction action = actions.get(name);
            if (action == null) {
                continue;
            }
            try {
                switch (told.change()) {
                    case FIRED -> action.fired(told.event());
                    case GOES_ON -> action.goesOn(told.event());
                    case CLEARED -> action.cleared(told.event());
                }
            } catch (RuntimeException e) {
                LOG.error("alert={} action={} failed", told.event().rule().name(), name, e);
            }
        }
    }

    /** Closing waits for exchanges in flight, which would hold up other alerts. */
    private static void shutDown(HotConnectionManager manager, AlertEvent event) {
        LOG.error("alert={} action=shutdown: the pool is closed", event.rule().name());
        thread("utls-alert-shutdown", () -> manager.close(CloseMode.GRACEFUL)).start();
    }

    @Override
    public synchronized void close() {
        if (worker != null) {
            worker.shutdown();
        }
    }
}
