package io.github.hc5.utls.spring;

import io.github.hc5.utls.pool.HotConnectionManager;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;

/** Makes what a {@link UtlsPool} consists of. */
interface PoolParts {

    /**
     * Returns a new manager.
     *
     * @throws IllegalArgumentException if the SSL bundle cannot be used
     */
    HotConnectionManager manager(Transport transport);

    /** Returns a started client on a manager, which it leaves open when it is closed. */
    CloseableHttpAsyncClient client(HotConnectionManager manager);
}
