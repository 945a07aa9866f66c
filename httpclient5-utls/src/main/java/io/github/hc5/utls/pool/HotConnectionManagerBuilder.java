package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.AddressFilter;
import io.github.hc5.utls.address.AddressSettings;
import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.health.HealthSettings;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.ThreadFactory;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.core5.function.Callback;
import org.apache.hc.core5.function.Decorator;
import org.apache.hc.core5.function.Resolver;
import org.apache.hc.core5.http.ConnectionReuseStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.nio.command.ShutdownCommand;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.DefaultConnectingIOReactor;
import org.apache.hc.core5.reactor.IOEventHandlerFactory;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.IOSessionListener;
import org.apache.hc.core5.util.Args;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds {@link HotConnectionManager}s. The setters of HttpClient's {@code PoolingAsyncClientConnectionManagerBuilder}
 * are here under their names and with their meaning, so replacing the class name is enough; so are those of
 * {@code HttpAsyncClientBuilder} that concern the reactor and the protocols, since the manager owns both. Defaults: those
 * of {@link PoolSettings.Builder}, last released first leased, what {@link TransportProvider} supplies for TLS and HTTP.
 * Not thread-safe.
 */
public final class HotConnectionManagerBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(HotConnectionManager.class);

    private PoolSettings settings = PoolSettings.defaults();
    private @Nullable TlsStrategy tlsStrategy;
    private @Nullable IOEventHandlerFactory handlerFactory;
    private SchemePortResolver schemePortResolver = DefaultSchemePortResolver.INSTANCE;
    private DnsResolver dnsResolver = SystemDefaultDnsResolver.INSTANCE;
    private PoolReusePolicy reusePolicy = PoolReusePolicy.LIFO;
    private boolean systemProperties;
    private @Nullable Integer maxTotal;
    private @Nullable Integer maxPerRoute;
    private @Nullable Boolean multiplexing;
    private @Nullable Resolver<HttpRoute, ConnectionConfig> connectionConfigs;
    private @Nullable Resolver<HttpHost, TlsConfig> tlsConfigs;
    private AddressSettings addressSettings = AddressSettings.defaults();
    private AddressFilter addressFilter = AddressFilter.NONE;
    private BanSettings banSettings = BanSettings.defaults();
    private @Nullable Exits exits;
    private HealthSettings healthSettings = HealthSettings.defaults();
    private LeaseScheduling leaseScheduling = LeaseScheduling.fifo();
    private HostLimits hostLimits = HostLimits.NONE;
    private SizingSettings sizing = SizingSettings.defaults();
    private @Nullable StateStore stateStore;
    private Duration stateInterval = StateSettings.defaults().interval();
    private LeasePermits permits = LeasePermits.unlimited();
    private PoolListener listener = PoolListener.NONE;
    private PoolListener added = PoolListener.NONE;
    private @Nullable IOReactorConfig reactorConfig;
    private int ioThreads;
    private @Nullable ThreadFactory threadFactory;
    private @Nullable Decorator<IOSession> sessionDecorator;
    private @Nullable IOSessionListener sessionListener;
    private @Nullable Callback<Exception> exceptionCallback;
    private @Nullable Http1Config http1Config;
    private @Nullable H2Config h2Config;
    private @Nullable CharCodingConfig charCodingConfig;
    private @Nullable ConnectionReuseStrategy reuseStrategy;

    private HotConnectionManagerBuilder() {}

    public static HotConnectionManagerBuilder create() {
        return new HotConnectionManagerBuilder();
    }

    // ---- as PoolingAsyncClientConnectionManagerBuilder

    public HotConnectionManagerBuilder setTlsStrategy(@Nullable TlsStrategy strategy) {
        tlsStrategy = strategy;
        return this;
    }

    public HotConnectionManagerBuilder setDnsResolver(@Nullable DnsResolver resolver) {
        dnsResolver = resolver != null ? resolver : SystemDefaultDnsResolver.INSTANCE;
        return this;
    }

    public HotConnectionManagerBuilder setSchemePortResolver(@Nullable SchemePortResolver resolver) {
        schemePortResolver = resolver != null ? resolver : DefaultSchemePortResolver.INSTANCE;
        return this;
    }

    /** Accepted and without effect: there is one policy, as strict as {@code STRICT} and faster than {@code LAX}. */
    public HotConnectionManagerBuilder setPoolConcurrencyPolicy(@Nullable PoolConcurrencyPolicy policy) {
        return this;
    }

    public HotConnectionManagerBuilder setConnPoolPolicy(@Nullable PoolReusePolicy policy) {
        reusePolicy = policy != null ? policy : PoolReusePolicy.LIFO;
        return this;
    }

    /** Sets the limit over all routes; 0 or less: the one of the settings. */
    public HotConnectionManagerBuilder setMaxConnTotal(int max) {
        maxTotal = max > 0 ? max : null;
        return this;
    }

    /** Sets the limit of each route; 0 or less: the one of the settings. */
    public HotConnectionManagerBuilder setMaxConnPerRoute(int max) {
        maxPerRoute = max > 0 ? max : null;
        return this;
    }

    public HotConnectionManagerBuilder setDefaultConnectionConfig(@Nullable ConnectionConfig config) {
        connectionConfigs = config == null ? null : route -> config;
        return this;
    }

    public HotConnectionManagerBuilder setConnectionConfigResolver(
            @Nullable Resolver<HttpRoute, ConnectionConfig> resolver) {
        connectionConfigs = resolver;
        return this;
    }

    public HotConnectionManagerBuilder setDefaultTlsConfig(@Nullable TlsConfig config) {
        tlsConfigs = config == null ? null : host -> config;
        return this;
    }

    public HotConnectionManagerBuilder setTlsConfigResolver(@Nullable Resolver<HttpHost, TlsConfig> resolver) {
        tlsConfigs = resolver;
        return this;
    }

    /**
     * Sets the lifetime of connections.
     *
     * @deprecated use {@link #setDefaultConnectionConfig}
     */
    @Deprecated
    @SuppressWarnings("InlineMeSuggester")
    public HotConnectionManagerBuilder setConnectionTimeToLive(@Nullable TimeValue timeToLive) {
        return setDefaultConnectionConfig(
                ConnectionConfig.custom().setTimeToLive(timeToLive).build());
    }

    /**
     * Sets the idle time after which a connection is checked before it is leased.
     *
     * @deprecated use {@link #setDefaultConnectionConfig}
     */
    @Deprecated
    @SuppressWarnings("InlineMeSuggester")
    public HotConnectionManagerBuilder setValidateAfterInactivity(@Nullable TimeValue validateAfterInactivity) {
        return setDefaultConnectionConfig(ConnectionConfig.custom()
                .setValidateAfterInactivity(validateAfterInactivity)
                .build());
    }

    public HotConnectionManagerBuilder useSystemProperties() {
        systemProperties = true;
        return this;
    }

    /** Whether HTTP/2 connections are shared by concurrent exchanges. They are unless this is set to false. */
    public HotConnectionManagerBuilder setMessageMultiplexing(boolean messageMultiplexing) {
        multiplexing = messageMultiplexing;
        return this;
    }

    // ---- as HttpAsyncClientBuilder, whose reactor and protocol settings this manager does not use

    public HotConnectionManagerBuilder setIOReactorConfig(@Nullable IOReactorConfig config) {
        reactorConfig = config;
        return this;
    }

    /** Sets how many I/O threads there are where no reactor config is set; 0, the default: one for each processor. */
    public HotConnectionManagerBuilder setIoThreads(int threads) {
        Args.notNegative(threads, "I/O threads");
        ioThreads = threads;
        return this;
    }

    public HotConnectionManagerBuilder setThreadFactory(@Nullable ThreadFactory factory) {
        threadFactory = factory;
        return this;
    }

    public HotConnectionManagerBuilder setIoSessionDecorator(@Nullable Decorator<IOSession> decorator) {
        sessionDecorator = decorator;
        return this;
    }

    public HotConnectionManagerBuilder setIOSessionListener(@Nullable IOSessionListener sessionEvents) {
        sessionListener = sessionEvents;
        return this;
    }

    public HotConnectionManagerBuilder setIoReactorExceptionCallback(@Nullable Callback<Exception> callback) {
        exceptionCallback = callback;
        return this;
    }

    public HotConnectionManagerBuilder setHttp1Config(@Nullable Http1Config config) {
        http1Config = config;
        return this;
    }

    public HotConnectionManagerBuilder setH2Config(@Nullable H2Config config) {
        h2Config = config;
        return this;
    }

    public HotConnectionManagerBuilder setCharCodingConfig(@Nullable CharCodingConfig config) {
        charCodingConfig = config;
        return this;
    }

    /**
     * Sets whether an HTTP/1.1 connection outlives an exchange. One that is set on the client's builder is not seen here.
     * By default the protocol decides; with {@link #useSystemProperties()}, {@code http.keepAlive=false} keeps none.
     */
    public HotConnectionManagerBuilder setConnectionReuseStrategy(@Nullable ConnectionReuseStrategy strategy) {
        reuseStrategy = strategy;
        return this;
    }

    // ---- our own

    /** Sets limits and times; a limit set by its own setter wins. */
    public HotConnectionManagerBuilder setPoolSettings(PoolSettings poolSettings) {
        settings = poolSettings;
        return this;
    }

    /** Sets limits by host pattern; changeable later by {@link HotConnectionManager#setHostLimits}. */
    public HotConnectionManagerBuilder setHostLimits(HostLimits limits) {
        hostLimits = limits;
        return this;
    }

    /** Sets whether and how the limits follow the load; changeable later by {@link HotConnectionManager#setSizing}. */
    public HotConnectionManagerBuilder setSizing(SizingSettings settings) {
        sizing = settings;
        return this;
    }

    /**
     * Sets whether what the pool learns outlives it, in a file; nowhere by default.
     *
     * @throws IllegalArgumentException if the place is Redis, for which there is {@link #setStateStore}
     */
    public HotConnectionManagerBuilder setStateSettings(StateSettings state) {
        if (state.place() == StateSettings.Place.REDIS) {
            throw new IllegalArgumentException("the place of the state is REDIS, set its store by setStateStore");
        }
        stateStore = state.file() == null ? null : new StateFile(state.file());
        stateInterval = state.interval();
        return this;
    }

    /** Sets where what the pool learns outlives it, {@code null} for nowhere, and how often it is saved. */
    public HotConnectionManagerBuilder setStateStore(@Nullable StateStore store, Duration interval) {
        stateStore = store;
        stateInterval = interval;
        return this;
    }

    /** Sets what makes the protocol handlers of new sessions; by default {@link TransportProvider} supplies it. */
    public HotConnectionManagerBuilder setIOEventHandlerFactory(@Nullable IOEventHandlerFactory factory) {
        handlerFactory = factory;
        return this;
    }

    /** Sets a cap on open connections beyond this pool. It is not closed with the manager. */
    public HotConnectionManagerBuilder setLeasePermits(@Nullable LeasePermits leasePermits) {
        permits = leasePermits != null ? leasePermits : LeasePermits.unlimited();
        return this;
    }

    /** Sets who hears what the pool does, besides its log; more can be added to the manager. */
    public HotConnectionManagerBuilder setPoolListener(@Nullable PoolListener poolListener) {
        listener = poolListener != null ? poolListener : PoolListener.NONE;
        return this;
    }

    /** Has one more hear what the pool does. */
    public HotConnectionManagerBuilder addPoolListener(PoolListener poolListener) {
        added = ListenerList.with(added, poolListener);
        return this;
    }

    /** Sets where addresses come from and how requests are spread over them. */
    public HotConnectionManagerBuilder setAddressSettings(AddressSettings settings) {
        addressSettings = settings;
        return this;
    }

    /** Sets which addresses may be dialled; changeable later by {@link PoolAddresses#setFilter}. */
    public HotConnectionManagerBuilder setAddressFilter(AddressFilter filter) {
        addressFilter = filter;
        return this;
    }

    /** Sets which responses ban an address; changeable later by {@link PoolAddresses#setBanSettings}. */
    public HotConnectionManagerBuilder setBanSettings(BanSettings settings) {
        banSettings = settings;
        return this;
    }

    /** Sets the exits of which {@link RotatingRoutePlanner} plans routes, so that they hear what comes of them. */
    public HotConnectionManagerBuilder setExits(@Nullable Exits ownExits) {
        exits = ownExits;
        return this;
    }

    /** Sets who of those that wait for a connection goes first; first come, first served by default. */
    public HotConnectionManagerBuilder setLeaseScheduling(LeaseScheduling scheduling) {
        leaseScheduling = scheduling;
        return this;
    }

    /** Sets when addresses, hosts and the pool count as unwell. */
    public HotConnectionManagerBuilder setHealthSettings(HealthSettings settings) {
        healthSettings = settings;
        return this;
    }

    /**
     * Builds a manager. It starts no thread before its first connection.
     *
     * @throws IllegalArgumentException if the settings contradict one another
     * @throws IllegalStateException if no TLS strategy or handler factory was set and no provider supplies one
     */
    public HotConnectionManager build() {
        HotConnectionManager manager = new HotConnectionManager(parts());
        manager.setLeaseScheduling(leaseScheduling);
        manager.setHostLimits(hostLimits);
        manager.setSizing(sizing);
        if (stateStore != null) {
            manager.keepState(stateStore, stateInterval);
        }
        return manager;
    }

    PoolParts parts() {
        TlsStrategy tls = tlsStrategy != null ? tlsStrategy : provider().tlsStrategy(systemProperties);
        IOEventHandlerFactory handlers = handlerFactory != null
                ? handlerFactory
                : provider()
                        .handlerFactory(new TransportProvider.ProtocolConfig(
                                http1Config, h2Config, charCodingConfig, effectiveReuseStrategy()));
        PoolReactor reactor = new PoolReactor(threadFactory, threads -> reactor(handlers, threads));
        TimerThread timer = new TimerThread(reactor.threads("utls-pool"));
        ResolvedAddresses addresses = new ResolvedAddresses(dnsResolver, addressSettings, reactor.threads("utls-dns"));
        reactor.onShutDown(timer::close);
        reactor.onShutDown(addresses::close);
        return new PoolParts(
                effectiveSettings(),
                permits,
                ListenerList.with(ListenerList.with(listener, added), new PoolLog()),
                System::nanoTime,
                PoolContext.threadRandom(),
                reusePolicy == PoolReusePolicy.LIFO,
                addressing(),
                timer,
                reactor,
                new ConnectionOpener(reactor::running, addresses, timer, tls, schemePortResolver),
                connectionConfigs,
                tlsConfigs);
    }

    private @Nullable ConnectionReuseStrategy effectiveReuseStrategy() {
        boolean never = systemProperties && !Boolean.parseBoolean(System.getProperty("http.keepAlive", "true"));
        return reuseStrategy == null && never ? (request, response, context) -> false : reuseStrategy;
    }

    private Addressing addressing() {
        Addressing addressing =
                new Addressing(addressSettings, addressFilter, banSettings, healthSettings, System::nanoTime);
        addressing.setExits(exits);
        return addressing;
    }

    private PoolSettings effectiveSettings() {
        PoolSettings.Builder b = settings.toBuilder();
        if (maxTotal != null) {
            b.maxTotal(maxTotal);
        }
        if (maxPerRoute != null) {
            b.maxPerRoute(maxPerRoute);
        }
        if (multiplexing != null) {
            b.multiplexing(multiplexing);
        }
        return b.build();
    }

    private DefaultConnectingIOReactor reactor(IOEventHandlerFactory handlers, ThreadFactory threads) {
        IOReactorConfig config = reactorConfig;
        if (config == null) {
            // the interval bounds how late a connect, response or idle timeout is noticed
            config = IOReactorConfig.custom()
                    .setSelectInterval(TimeValue.ofMilliseconds(100))
                    .setIoThreadCount(ioThreads > 0 ? ioThreads : IOReactorConfig.DEFAULT.getIoThreadCount())
                    .build();
        }
        return new DefaultConnectingIOReactor(
                handlers,
                config,
                threads,
                sessionDecorator,
                exceptionCallback != null ? exceptionCallback : HotConnectionManagerBuilder::reactorFailed,
                sessionListener,
                session -> session.enqueue(new ShutdownCommand(CloseMode.GRACEFUL), Command.Priority.IMMEDIATE));
    }

    private static void reactorFailed(Exception cause) {
        if (cause instanceof ClosedSelectorException) {
            // HttpCore's worker, when it ends, may find its selector closed already by who closes the reactor
            LOG.debug("I/O reactor closed", cause);
        } else {
            LOG.error("I/O reactor failure", cause);
        }
    }

    private static TransportProvider provider() {
        return ServiceLoader.load(TransportProvider.class, TransportProvider.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "No TransportProvider found: set a TLS strategy and an I/O event handler factory"));
    }
}
