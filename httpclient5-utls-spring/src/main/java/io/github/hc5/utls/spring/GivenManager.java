package io.github.hc5.utls.spring;

import io.github.hc5.utls.pool.HotConnectionManager;
import java.util.List;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.springframework.boot.http.client.HttpClientSettings;

/**
 * A connection manager that is a bean of the application, and takes the place of the default pool's own.
 *
 * @param settings those that the pool is opened with, which are left to the manager
 */
record GivenManager(HotConnectionManager manager, HttpClientSettings settings) implements PoolParts {

    /** It knows nothing of retries and limits. */
    private HttpAsyncClientBuilder install(HttpAsyncClientBuilder client) {
        return client.setConnectionManager(manager).disableContentCompression();
    }

    @Override
    public Made make(Transport transport) {
        if (!transport.equals(Transport.of(settings))) {
            throw new IllegalStateException("a client asks for an SSL bundle or InetAddressFilter of its own, which the"
                    + " HotConnectionManager bean of the application cannot be given: leave the bean out and configure"
                    + " the pool by properties, or build the client's manager yourself");
        }
        return new Made(manager, SharedClients.on(this::install), List::of, this::install);
    }
}
