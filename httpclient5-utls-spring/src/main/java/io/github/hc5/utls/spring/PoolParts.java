package io.github.hc5.utls.spring;

import io.github.hc5.utls.metrics.MetricsSettings;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PrewarmProgress;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;

/** Makes what a {@link UtlsPool} consists of. */
interface PoolParts {

    /**
     * What one transport needs.
     *
     * @param client started, and leaves the manager open when it is closed
     * @param prewarm begins to open the connections that the configuration wants ready
     * @param install puts the manager, and what belongs to it, into a builder of clients
     */
    record Made(
            HotConnectionManager manager,
            CloseableHttpAsyncClient client,
            Supplier<List<PrewarmProgress>> prewarm,
            UnaryOperator<HttpAsyncClientBuilder> install) {}

    /**
     * Returns a new manager with a client on it.
     *
     * @throws IllegalArgumentException if the SSL bundle cannot be used
     * @throws IllegalStateException if there is but one transport, and it is another
     */
    Made make(Transport transport);

    /** Returns which figures are exported; the name is the pool's. */
    default MetricsSettings meters() {
        return MetricsSettings.defaults();
    }
}
