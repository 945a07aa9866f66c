package io.github.hc5.utls.pool;

import org.apache.hc.core5.http.ConnectionReuseStrategy;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.reactor.IOEventHandlerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Supplies what a {@link HotConnectionManagerBuilder} was not given: found by {@link java.util.ServiceLoader}, so that
 * the pool does not depend on the packages that implement TLS and HTTP. Implementations have a public constructor
 * without parameters.
 */
public interface TransportProvider {

    /** Returns the TLS strategy of a manager that was given none. */
    TlsStrategy tlsStrategy(boolean systemProperties);

    /**
     * Returns the handler factory of a manager that was given none. Its handlers report to the
     * {@link io.github.hc5.utls.http.ConnectionEvents} they find as the attachment of their session.
     */
    IOEventHandlerFactory handlerFactory(ProtocolConfig config);

    /**
     * What the builder was told about HTTP; {@code null} where nothing was.
     *
     * @param http1 limits of HTTP/1.1 parsing
     * @param http2 limits of HTTP/2
     * @param charCoding of header values
     * @param reuse decides whether an HTTP/1.1 connection is kept
     */
    record ProtocolConfig(
            @Nullable Http1Config http1,
            @Nullable H2Config http2,
            @Nullable CharCodingConfig charCoding,
            @Nullable ConnectionReuseStrategy reuse) {}
}
