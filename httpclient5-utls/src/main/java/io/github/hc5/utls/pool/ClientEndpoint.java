package io.github.hc5.utls.pool;

import org.apache.hc.core5.net.NamedEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint that a TLS strategy is handed for a connection which serves one client key alone.
 *
 * @param endpoint the name and port
 * @param key whom the connection serves
 */
public record ClientEndpoint(NamedEndpoint endpoint, ClientKey key) implements NamedEndpoint {

    static NamedEndpoint of(NamedEndpoint endpoint, @Nullable Object userState) {
        return userState instanceof ClientKey key ? new ClientEndpoint(endpoint, key) : endpoint;
    }

    /** Returns the name of the client key of an endpoint; {@code null} where it has none. */
    public static @Nullable String keyOf(NamedEndpoint endpoint) {
        return endpoint instanceof ClientEndpoint client ? client.key.name() : null;
    }

    @Override
    public String getHostName() {
        return endpoint.getHostName();
    }

    @Override
    public int getPort() {
        return endpoint.getPort();
    }

    /** As the endpoint within, for messages. */
    @Override
    public String toString() {
        return endpoint.toString();
    }
}
