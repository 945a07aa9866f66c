package io.github.hc5.utls.tls;

import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.core5.annotation.Contract;
import org.apache.hc.core5.annotation.ThreadingBehavior;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.ssl.TlsCiphers;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.ssl.ApplicationProtocol;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives HttpClient's connections a browser's TLS. Works with the stock
 * {@link org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager} unchanged.
 *
 * <p>Of a {@link TlsConfig}, the version policy is honoured ({@code FORCE_HTTP_1} offers {@code http/1.1} alone, as a
 * browser does for a WebSocket), and the handshake timeout by the caller; protocols and cipher suites are the profile's,
 * and a configuration that names others fails the connection.
 */
@Contract(threading = ThreadingBehavior.SAFE)
public final class UtlsTlsStrategy implements TlsStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(UtlsTlsStrategy.class);

    private final UtlsSslContext context;
    private final Function<NamedEndpoint, @Nullable String> keys;

    /** Uses the context's profiles, trust and keys. */
    public UtlsTlsStrategy(UtlsSslContext context) {
        this(context, endpoint -> null);
    }

    /**
     * Uses the context's profiles, trust and keys.
     *
     * @param keys tells of the endpoint of a new connection to which key it belongs, {@code null} for none: see
     *     {@link io.github.hc5.utls.fingerprint.FingerprintPolicy#profileFor(String, int, String)}
     */
    public UtlsTlsStrategy(UtlsSslContext context, Function<NamedEndpoint, @Nullable String> keys) {
        this.context = context;
        this.keys = keys;
    }

    @Override
    public void upgrade(
            TransportSecurityLayer session,
            NamedEndpoint endpoint,
            @Nullable Object attachment,
            @Nullable Timeout handshakeTimeout,
            @Nullable FutureCallback<TransportSecurityLayer> callback) {
        TlsConfig config = attachment instanceof TlsConfig given ? given : TlsConfig.DEFAULT;
        String key = keys.apply(endpoint);
        session.startTls(
                key == null ? context : context.forKey(key),
                endpoint,
                SSLBufferMode.STATIC,
                (target, engine) -> {
                    configure(engine, config);
                    if (handshakeTimeout != null && handshakeTimeout.isEnabled()) {
                        ((UtlsSslEngine) engine).limitHandshake(handshakeTimeout.toDuration());
                    }
                },
                (target, engine) -> details(engine),
                handshakeTimeout,
                callback == null ? null : new TimeoutNamed(endpoint, callback));
    }

    /** HttpCore's exception for a handshake without an answer says how long it waited, and not for whom. */
    private record TimeoutNamed(NamedEndpoint endpoint, FutureCallback<TransportSecurityLayer> callback)
            implements FutureCallback<TransportSecurityLayer> {

        @Override
        public void completed(TransportSecurityLayer session) {
            callback.completed(session);
        }

        @Override
        public void failed(Exception cause) {
            if (cause instanceof SocketTimeoutException) {
                SocketTimeoutException named = new SocketTimeoutException("TLS handshake with "
                        + endpoint.getHostName() + ':' + endpoint.getPort() + " failed: timed out after "
                        + cause.getMessage());
                named.initCause(cause);
                callback.failed(named);
            } else {
                callback.failed(cause);
            }
        }

        @Override
        public void cancelled() {
            callback.cancelled();
        }
    }

    /**
     * @deprecated HttpCore calls {@link #upgrade(TransportSecurityLayer, NamedEndpoint, Object, Timeout, FutureCallback)}
     */
    @Deprecated
    @Override
    public boolean upgrade(
            TransportSecurityLayer session,
            HttpHost host,
            SocketAddress localAddress,
            SocketAddress remoteAddress,
            @Nullable Object attachment,
            @Nullable Timeout handshakeTimeout) {
        upgrade(session, host, attachment, handshakeTimeout, null);
        return true;
    }

    private static void configure(SSLEngine engine, TlsConfig config) {
        SSLParameters parameters = engine.getSSLParameters();
        if (config.getSupportedProtocols() != null) {
            parameters.setProtocols(config.getSupportedProtocols());
        }
        if (config.getSupportedCipherSuites() != null) {
            parameters.setCipherSuites(config.getSupportedCipherSuites());
        }
        List<String> offered = Arrays.asList(parameters.getApplicationProtocols());
        parameters.setApplicationProtocols(offered.stream()
                .filter(protocol -> allowed(protocol, config.getHttpVersionPolicy()))
                .toArray(String[]::new));
        engine.setSSLParameters(parameters);
    }

    private static boolean allowed(String protocol, HttpVersionPolicy policy) {
        return switch (policy) {
            case FORCE_HTTP_1 -> protocol.equals(ApplicationProtocol.HTTP_1_1.id);
            // A browser has no offer of h2 alone; a server that then chooses HTTP/1.1 is refused by HttpCore.
            case FORCE_HTTP_2, NEGOTIATE -> true;
        };
    }

    private static TlsDetails details(SSLEngine engine) throws SSLHandshakeException {
        UtlsSslSession session = (UtlsSslSession) engine.getSession();
        String protocol = engine.getApplicationProtocol();
        if (ApplicationProtocol.HTTP_2.id.equals(protocol) && TlsCiphers.isH2Blacklisted(session.getCipherSuite())) {
            throw new SSLHandshakeException("TLS handshake with " + session.getPeerHost() + ':' + session.getPeerPort()
                    + " failed: cipher suite " + session.getCipherSuite() + " is not allowed for HTTP/2");
        }
        LOG.debug("{} alpn={}", session, protocol);
        return new TlsDetails(session, protocol);
    }
}
