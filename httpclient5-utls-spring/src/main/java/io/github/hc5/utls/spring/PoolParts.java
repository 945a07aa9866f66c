package io.github.hc5.utls.spring;

import io.github.hc5.utls.metrics.MetricsSettings;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PrewarmProgress;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;

/** Makes what a {@link UtlsPool} consists of. */
interface PoolParts {

    /**
     * What one transport needs.
     *
     * @param client started, and leaves the manager open when it is closed
     * @param prewarm begins to open the connections that the configuration wants ready
     */
    record Made(
            HotConnectionManager manager, CloseableHttpAsyncClient client, Supplier<List<PrewarmProgress>> prewarm) {}

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
