package io.github.hc5.utls.pool;

import java.net.SocketAddress;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * What to dial and how.
 *
 * @param host the first hop, with its port filled in
 * @param address the address where it is fixed; {@code null}: to be resolved
 * @param localAddress to bind; {@code null}: any
 * @param staggerNanos after which the next address is tried beside one that has not answered
 * @param most how many addresses are tried
 * @param tls for TLS with the first hop; {@code null}: none
 * @param tlsName the name to present and verify
 */
record DialPlan(
        HttpHost host,
        @Nullable SocketAddress address,
        @Nullable SocketAddress localAddress,
        Timeout connectTimeout,
        long staggerNanos,
        int most,
        Timeout handshakeTimeout,
        @Nullable TlsStrategy tls,
        NamedEndpoint tlsName,
        TlsConfig tlsConfig) {}
