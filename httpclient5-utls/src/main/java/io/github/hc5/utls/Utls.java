package io.github.hc5.utls;

import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.config.UtlsConfig;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import io.github.hc5.utls.http.UtlsEventHandlerFactory;
import io.github.hc5.utls.metrics.FlightRecorderListener;
import io.github.hc5.utls.pool.ClientEndpoint;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import io.github.hc5.utls.resilience.CacheSettings;
import io.github.hc5.utls.resilience.Resilience;
import io.github.hc5.utls.resilience.StaleFallback;
import io.github.hc5.utls.tls.UtlsSslContext;
import io.github.hc5.utls.tls.UtlsTlsStrategy;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Ready-made parts: a hot connection manager that shows a browser, and clients on top of it. Whoever needs more settings
 * starts from {@link #connectionManagerBuilder(UtlsSslContext)}.
 */
public final class Utls {

    private Utls() {}

    /**
     * Returns a connection manager made from the configuration around the program, which follows changes of its files: see
     * {@link ConfigLoader#standard()}. Without any, it shows the default browser and trusts what the JDK trusts.
     *
     * @throws io.github.hc5.utls.config.ConfigException if anything in the configuration is wrong
     */
    public static HotConnectionManager connectionManager() {
        return UtlsParts.load(ConfigLoader.standard()).manager();
    }

    /** Returns a connection manager made from a configuration; {@link UtlsParts} has what belongs to it. */
    public static HotConnectionManager connectionManager(UtlsConfig config) {
        return UtlsParts.of(config).manager();
    }

    /** Returns a connection manager that shows the given browser and trusts what the JDK trusts. */
    public static HotConnectionManager connectionManager(BrowserProfile profile) {
        return connectionManagerBuilder(
                        UtlsSslContext.builder().profile(profile).build())
                .build();
    }

    /** Returns a connection manager that chooses the browser of each connection, and trusts what the JDK trusts. */
    public static HotConnectionManager connectionManager(FingerprintPolicy policy) {
        return connectionManagerBuilder(policy).build();
    }

    /** Returns a builder whose connections show the browser that the policy chooses for each. */
    public static HotConnectionManagerBuilder connectionManagerBuilder(FingerprintPolicy policy) {
        return connectionManagerBuilder(
                UtlsSslContext.builder().fingerprintPolicy(policy).build());
    }

    /**
     * Returns a builder whose connections use the given TLS, and the HTTP of the browser that each handshake showed.
     *
     * @param tls profiles, trust and keys
     */
    public static HotConnectionManagerBuilder connectionManagerBuilder(UtlsSslContext tls) {
        return HotConnectionManagerBuilder.create()
                .setTlsStrategy(new UtlsTlsStrategy(tls, ClientEndpoint::keyOf))
                .setIOEventHandlerFactory(UtlsEventHandlerFactory.builder().build())
                .addPoolListener(FlightRecorderListener.create());
    }

    /**
     * Returns a started client on a connection manager, with which it is closed.
     *
     * <p>What a browser sends is the connection's to complete, so the client adds no content codings of its own: the
     * profile's are offered, and decoded, below it.
     */
    public static CloseableHttpAsyncClient asyncClient(HotConnectionManager manager) {
        CloseableHttpAsyncClient client = builder(manager).build();
        client.start();
        return client;
    }

    /**
     * Returns a started client on a connection manager, with which it is closed, that tries again what is safe to repeat, and
     * keeps to the limits and timeouts of {@code resilience}.
     */
    public static CloseableHttpAsyncClient asyncClient(HotConnectionManager manager, Resilience resilience) {
        CloseableHttpAsyncClient client = resilience.install(builder(manager)).build();
        client.start();
        return client;
    }

    /** Returns a started client on {@link #connectionManager(FingerprintPolicy)}. */
    public static CloseableHttpAsyncClient asyncClient(FingerprintPolicy policy) {
        return asyncClient(connectionManager(policy));
    }

    /**
     * The same, with a cache whose stale responses are the last resort before an error. It needs {@code httpclient5-cache}
     * on the class path.
     */
    public static CloseableHttpAsyncClient asyncClient(
            HotConnectionManager manager, Resilience resilience, CacheSettings cache) {
        CloseableHttpAsyncClient client = resilience
                .install(StaleFallback.clientBuilder(cache)
                        .setConnectionManager(manager)
                        .disableContentCompression())
                .build();
        client.start();
        return client;
    }

    /**
     * Returns a started client made from the configuration around the program, whose changes it follows: see
     * {@link ConfigLoader#standard()}.
     *
     * @throws io.github.hc5.utls.config.ConfigException if anything in the configuration is wrong
     */
    public static CloseableHttpAsyncClient asyncClient() {
        return UtlsParts.load(ConfigLoader.standard()).asyncClient();
    }

    /** Returns a started client made from a configuration. */
    public static CloseableHttpAsyncClient asyncClient(UtlsConfig config) {
        return UtlsParts.of(config).asyncClient();
    }

    /**
     * Returns a blocking client made from the configuration around the program, whose changes it follows: see
     * {@link ConfigLoader#standard()}.
     *
     * @throws io.github.hc5.utls.config.ConfigException if anything in the configuration is wrong
     */
    public static CloseableHttpClient classicClient() {
        return classicClient(UtlsParts.load(ConfigLoader.standard()));
    }

    /** Returns a blocking client made from a configuration, whose operation timeout it keeps to. */
    public static CloseableHttpClient classicClient(UtlsConfig config) {
        return classicClient(UtlsParts.of(config));
    }

    private static CloseableHttpClient classicClient(UtlsParts parts) {
        return classicClient(
                parts.asyncClient(), Timeout.of(parts.config().timeouts().operation()));
    }

    /**
     * Returns a blocking client on a connection manager, with which it is closed.
     *
     * @param operationTimeout how long one read or write of a body, or the wait for a response, may take
     */
    public static CloseableHttpClient classicClient(HotConnectionManager manager, Timeout operationTimeout) {
        return classicClient(asyncClient(manager), operationTimeout);
    }

    /**
     * Returns a blocking client on an asynchronous one, with which it is closed. An exchange that its caller gives up, by
     * interruption, by closing the response or by the timeout, is cancelled. Safe for virtual threads.
     *
     * @param operationTimeout how long one read or write of a body, or the wait for a response, may take; {@code null}: as
     *     long as the client's own timeouts let it
     */
    public static CloseableHttpClient classicClient(
            CloseableHttpAsyncClient client, @Nullable Timeout operationTimeout) {
        client.start();
        return new BlockingClient(client, operationTimeout);
    }

    private static HttpAsyncClientBuilder builder(HotConnectionManager manager) {
        return HttpAsyncClients.custom().setConnectionManager(manager).disableContentCompression();
    }
}
