package io.github.hc5.utls.spring;

import io.github.hc5.utls.Utls;
import java.io.IOException;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/** The blocking form of a {@link PooledAsyncClient}; closing it closes nothing. Thread-safe. */
final class PooledClassicClient extends CloseableHttpClient implements Configurable {

    private final PooledAsyncClient client;
    private final CloseableHttpClient facade;

    PooledClassicClient(PooledAsyncClient client) {
        this.client = client;
        this.facade = Utls.classicClient(client, null);
    }

    @Override
    public RequestConfig getConfig() {
        return client.getConfig();
    }

    @SuppressWarnings("deprecation") // the one form that leaves the response open
    @Override
    protected CloseableHttpResponse doExecute(
            @Nullable HttpHost target, ClassicHttpRequest request, @Nullable HttpContext context) throws IOException {
        return facade.execute(target, request, context);
    }

    @Override
    public void close(CloseMode closeMode) {}

    @Override
    public void close() {}
}
