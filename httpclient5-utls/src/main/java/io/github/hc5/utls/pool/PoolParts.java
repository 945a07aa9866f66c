package io.github.hc5.utls.pool;

import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.core5.function.Resolver;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/** What a manager is put together from; tests put in other clocks, timers and openers. */
record PoolParts(
        PoolSettings settings,
        LeasePermits permits,
        PoolListener listener,
        LongSupplier clock,
        DoubleSupplier random,
        boolean lifo,
        Addressing addressing,
        PoolTimer timer,
        PoolReactor reactor,
        ConnectionOpener opener,
        @Nullable Resolver<HttpRoute, ConnectionConfig> connectionConfigs,
        @Nullable Resolver<HttpHost, TlsConfig> tlsConfigs) {

    PoolContext context(PoolContext.Services services) {
        return new PoolContext(settings, permits, listener, clock, random, lifo, addressing, services);
    }
}
