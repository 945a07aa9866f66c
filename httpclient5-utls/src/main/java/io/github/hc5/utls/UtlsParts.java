package io.github.hc5.utls;

import io.github.hc5.utls.address.AddressFilter;
import io.github.hc5.utls.config.ConfigChange;
import io.github.hc5.utls.config.ConfigKey;
import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.config.ConfigWatcher;
import io.github.hc5.utls.config.ExitSettings;
import io.github.hc5.utls.config.UtlsConfig;
import io.github.hc5.utls.metrics.AlertAction;
import io.github.hc5.utls.metrics.Alerts;
import io.github.hc5.utls.metrics.FlightRecorderListener;
import io.github.hc5.utls.pool.Exits;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.pool.Prewarm;
import io.github.hc5.utls.pool.PrewarmProgress;
import io.github.hc5.utls.pool.RotatingRoutePlanner;
import io.github.hc5.utls.pool.StateSettings;
import io.github.hc5.utls.resilience.CacheSettings;
import io.github.hc5.utls.resilience.Resilience;
import io.github.hc5.utls.resilience.StaleFallback;
import io.github.hc5.utls.tls.UtlsSslContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection manager and what belongs to it, made from a configuration: retries, timeouts and limits, exits, the link to
 * other machines. Closing the manager, or a client on it, ends all parts. Thread-safe.
 */
public final class UtlsParts {

    private static final Logger LOG = LoggerFactory.getLogger(UtlsParts.class);

    private final HotConnectionManager manager;
    private final Resilience resilience;
    private final List<Prewarm> orders;
    private final Browsers browsers;
    private final @Nullable Exits exits;
    private final ExitSettings exitSettings;
    private final Alerts alerts;
    private final Optional<CacheSettings> cache;

    /** Set once, before anybody else has this object. */
    private @Nullable ConfigWatcher watcher;

    /** Guarded by this for writing. */
    private volatile UtlsConfig config;

    private UtlsParts(UtlsConfig config, Builder given) {
        config.warnings().forEach(LOG::warn);
        this.config = config;
        this.browsers = new Browsers(config);
        this.exitSettings = config.exits();
        this.cache = config.cache();
        this.exits = exitSettings.exits(config.bans(), config.health());
        HotConnectionManagerBuilder builder = HotConnectionManagerBuilder.create()
                .setTlsStrategy(browsers.tlsStrategy(config.tls(), given.tlsChanges))
                .setIOEventHandlerFactory(browsers.handlers(config.headers()))
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(config.tls().httpVersion())
                        .build())
                .setPoolSettings(config.pool())
                .setIoThreads(config.ioThreads())
                .setHostLimits(config.limits())
                .setAddressSettings(config.addresses())
                .setAddressFilter(config.filter())
                .setBanSettings(config.bans())
                .setHealthSettings(config.health())
                .setSizing(config.sizing())
                .setLeaseScheduling(config.scheduling())
                .setExits(exits);
        if (config.flightRecorder()) {
            builder.addPoolListener(FlightRecorderListener.create());
        }
        if (config.state().place() != StateSettings.Place.REDIS) {
            builder.setStateSettings(config.state());
        }
        SharedLimits shared = config.cluster().map(SharedLimits::connect).orElse(null);
        if (shared != null) {
            builder.setLeasePermits(shared.permits());
            if (config.state().place() == StateSettings.Place.REDIS) {
                builder.setStateStore(shared.stateStore(), config.state().interval());
            }
        }
        this.manager = given.managerChanges.apply(builder).build();
        if (shared != null) {
            shared.shareBans(manager);
            manager.onClose(shared::close);
        }
        this.resilience = Resilience.builder()
                .manager(manager)
                .retry(config.retry())
                .timeouts(config.timeouts())
                .breaker(config.breaker())
                .rate(config.rate())
                .sharedRate(
                        shared == null
                                ? null
                                : config.sharedRate().map(shared::rate).orElse(null))
                .build();
        resilience.setHostLimits(config.limits());
        try {
            this.alerts = Alerts.watch(manager, config.alerts(), given.actions);
        } catch (RuntimeException e) {
            manager.close(CloseMode.IMMEDIATE);
            throw e;
        }
        manager.onClose(alerts::close);
        if (config.metrics() && given.bindsMeters) {
            Runnable unbind = GlobalMetrics.bind(manager, config.meters());
            manager.onClose(unbind);
        }
        this.orders = List.copyOf(config.prewarm().orders());
        cleanUp();
    }

    /**
     * Makes the parts; connections of {@code [prewarm]} begin to open.
     *
     * @throws IllegalArgumentException if a file that the configuration names is no longer as it was when it was checked
     */
    public static UtlsParts of(UtlsConfig config) {
        return of(config, builder -> builder);
    }

    /**
     * Makes the parts with changes that only code can make, as a DNS resolver of one's own.
     *
     * @param changes is given the builder as the configuration has set it
     */
    public static UtlsParts of(UtlsConfig config, UnaryOperator<HotConnectionManagerBuilder> changes) {
        UtlsParts parts = builder().manager(changes).build(config);
        parts.prewarm();
        return parts;
    }

    /** Begins to open the connections of {@code [prewarm]}; returns how far each host has come. */
    public List<PrewarmProgress> prewarm() {
        return orders.stream().map(manager::prewarm).toList();
    }

    /**
     * Loads a configuration and makes the parts, which follow changes of its files until the manager is closed: see
     * {@link #apply}. How often the files are looked at is a key of its own, {@code reload.interval}.
     *
     * @throws io.github.hc5.utls.config.ConfigException if anything in the configuration is wrong
     */
    public static UtlsParts load(ConfigLoader loader) {
        return load(loader, builder -> builder);
    }

    /** As {@link #load(ConfigLoader)}, with changes that only code can make. */
    public static UtlsParts load(ConfigLoader loader, UnaryOperator<HotConnectionManagerBuilder> changes) {
        UtlsParts parts = builder().manager(changes).follow(loader.load(), loader);
        parts.prewarm();
        return parts;
    }

    /** Returns a builder of parts with changes that only code can make. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Looks at the files now, whatever the interval says.
     *
     * @return whether they held a changed configuration that was taken over; a wrong one is logged
     */
    public boolean reload() {
        ConfigWatcher files = watcher;
        return files != null && files.look();
    }

    private void cleanUp() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "utls-cleanup");
            thread.setDaemon(true);
            return thread;
        });
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        cleanUpLater(timer);
        manager.onClose(timer::shutdownNow);
    }

    private void cleanUpLater(ScheduledThreadPoolExecutor timer) {
        Runnable look = () -> {
            manager.closeExpired();
            cleanUpLater(timer);
        };
        if (!manager.isClosed()) {
            Future<?> unused = timer.schedule(look, config.cleanupInterval().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    public HotConnectionManager manager() {
        return manager;
    }

    /** Returns what tries requests again and keeps to limits and timeouts. */
    public Resilience resilience() {
        return resilience;
    }

    /** Returns what watches the pool's figures. */
    public Alerts alerts() {
        return alerts;
    }

    /** Returns what plans the routes of requests over source addresses and proxies, where there are such. */
    public Optional<RotatingRoutePlanner> routePlanner() {
        return Optional.ofNullable(exits).map(RotatingRoutePlanner::new);
    }

    /** Returns the configuration in force; what takes effect only after a restart is as in the one before. */
    public UtlsConfig config() {
        return config;
    }

    /**
     * Takes over another configuration while the pool runs: limits, times and lists at once, browsers on the connections
     * that are opened from now on. What cannot change at run time stays as it is until the next start.
     *
     * @return what differs; {@link ConfigKey#change()} says when it takes effect
     */
    public synchronized List<ConfigChange> apply(UtlsConfig next) {
        UtlsConfig before = config;
        List<ConfigChange> changes = before.changesTo(next);
        if (changes.isEmpty()) {
            return changes;
        }
        // what can fail comes first, so that a configuration is taken over whole or not at all
        Runnable showBrowsers = browsers.change(before, next);
        boolean limitsDiffer = !next.limits().equals(before.limits());
        if (!next.alerts().equals(before.alerts())) {
            alerts.setSettings(next.alerts());
        }
        if (!next.pool().equals(before.pool()) || limitsDiffer) {
            try {
                manager.changeSettings(before.pool(), next.pool(), limitsDiffer ? next.limits() : manager.hostLimits());
            } catch (IllegalArgumentException e) {
                alerts.setSettings(before.alerts());
                throw e;
            }
        }
        showBrowsers.run();
        if (!next.sizing().equals(before.sizing())) {
            manager.setSizing(next.sizing());
        }
        if (!next.scheduling().equals(before.scheduling())) {
            manager.setLeaseScheduling(next.scheduling());
        }
        if (isAbout(changes, "whitelist", "blacklist")) {
            AddressFilter filter = next.filter();
            manager.addresses().setFilter(filter);
        }
        if (!next.bans().equals(before.bans())) {
            manager.addresses().setBanSettings(next.bans());
        }
        if (!next.retry().equals(before.retry())) {
            resilience.setRetrySettings(next.retry());
        }
        if (!next.timeouts().equals(before.timeouts())) {
            resilience.setTimeoutSettings(next.timeouts());
        }
        if (!next.breaker().equals(before.breaker())) {
            resilience.setBreakerSettings(next.breaker());
        }
        if (!next.rate().equals(before.rate())) {
            resilience.setDefaultRate(next.rate());
        }
        if (limitsDiffer) {
            resilience.setHostLimits(next.limits());
        }
        config = next;
        next.warnings().forEach(LOG::warn);
        changes.forEach(change -> {
            if (change.key().change() == ConfigKey.Change.RESTART) {
                LOG.warn("configuration: {}", change);
            } else {
                LOG.info("configuration: {}", change);
            }
        });
        return changes;
    }

    private static boolean isAbout(List<ConfigChange> changes, String... tables) {
        List<String> names = List.of(tables);
        return changes.stream().anyMatch(change -> names.contains(change.key().table()));
    }

    /**
     * Puts the parts into a builder of clients, and returns it. What a browser sends is the connection's to complete, so
     * the client adds no content codings of its own.
     */
    public HttpAsyncClientBuilder install(HttpAsyncClientBuilder client) {
        client.setConnectionManager(manager).disableContentCompression();
        routePlanner().ifPresent(client::setRoutePlanner);
        String username = exitSettings.username();
        if (username != null) {
            BasicCredentialsProvider credentials = new BasicCredentialsProvider();
            char[] password =
                    Objects.requireNonNullElse(exitSettings.password(), "").toCharArray();
            for (HttpHost proxy : exitSettings.proxies()) {
                credentials.setCredentials(new AuthScope(proxy), new UsernamePasswordCredentials(username, password));
            }
            client.setDefaultCredentialsProvider(credentials);
        }
        return resilience.install(client);
    }

    /** Returns a started client, with which the manager is closed. */
    public CloseableHttpAsyncClient asyncClient() {
        // the cache's builder is named in a lambda, so that who stores nothing needs no library for it
        HttpAsyncClientBuilder builder = cache.map(settings -> StaleFallback.clientBuilder(settings))
                .map(HttpAsyncClientBuilder.class::cast)
                .orElseGet(HttpAsyncClients::custom);
        CloseableHttpAsyncClient client = install(builder).build();
        client.start();
        return client;
    }

    /**
     * Makes parts with what only code can give them. Connections of {@code [prewarm]} begin to open when
     * {@link UtlsParts#prewarm()} is called. Not thread-safe.
     */
    public static final class Builder {
        private UnaryOperator<UtlsSslContext.Builder> tlsChanges = tls -> tls;
        private UnaryOperator<HotConnectionManagerBuilder> managerChanges = manager -> manager;
        private final Map<String, AlertAction> actions = new LinkedHashMap<>();

        private boolean bindsMeters = true;

        private Builder() {}

        /** Sets what is done with the builder of the TLS context as the configuration has set it. */
        public Builder tls(UnaryOperator<UtlsSslContext.Builder> changes) {
            tlsChanges = changes;
            return this;
        }

        /** Sets what is done with the builder of the manager as the configuration has set it. */
        public Builder manager(UnaryOperator<HotConnectionManagerBuilder> changes) {
            managerChanges = changes;
            return this;
        }

        /** Adds what rules of {@code [alerts]} may do, by a name of its own or in the place of what has the name. */
        public Builder alertAction(String name, AlertAction action) {
            actions.put(name, action);
            return this;
        }

        /**
         * Sets whether {@code metrics.enabled} counts; it does by default. Not where the application itself exports the
         * meters, as to registries that the global one passes everything on to.
         */
        public Builder bindMeters(boolean binds) {
            bindsMeters = binds;
            return this;
        }

        /**
         * Makes the parts.
         *
         * @throws IllegalArgumentException if a file that the configuration names is no longer as it was when it was
         *     checked, or a rule of {@code [alerts]} has an action that there is not
         */
        public UtlsParts build(UtlsConfig config) {
            return new UtlsParts(config, this);
        }

        /**
         * Makes parts that follow changes of the configuration's files until the manager is closed: see {@link #load}.
         *
         * @param config what the loader has loaded
         * @throws IllegalArgumentException as {@link #build}
         */
        public UtlsParts follow(UtlsConfig config, ConfigLoader loader) {
            UtlsParts parts = build(config);
            ConfigWatcher watcher = ConfigWatcher.start(loader, config, config.reloadInterval(), parts::apply);
            parts.watcher = watcher;
            parts.manager.onClose(watcher::close);
            return parts;
        }
    }
}
