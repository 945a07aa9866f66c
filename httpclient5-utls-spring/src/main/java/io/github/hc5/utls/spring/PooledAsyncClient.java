package io.github.hc5.utls.spring;

import java.util.concurrent.Future;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.AsyncPushConsumer;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.HandlerFactory;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorStatus;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * A client on a shared one: it adds its own {@link RequestDefaults} to each request, and closing it closes nothing, since
 * the pool belongs to the application context. Thread-safe.
 */
final class PooledAsyncClient extends CloseableHttpAsyncClient implements Configurable {

    private final CloseableHttpAsyncClient shared;
    private final RequestDefaults defaults;

    PooledAsyncClient(CloseableHttpAsyncClient shared, RequestDefaults defaults) {
        this.shared = shared;
        this.defaults = defaults;
    }

    @Override
    public RequestConfig getConfig() {
        return defaults.config();
    }

    @Override
    protected <T> Future<T> doExecute(
            @Nullable HttpHost target,
            AsyncRequestProducer requestProducer,
            AsyncResponseConsumer<T> responseConsumer,
            @Nullable HandlerFactory<AsyncPushConsumer> pushHandlerFactory,
            @Nullable HttpContext context,
            @Nullable FutureCallback<T> callback) {
        return shared.execute(
                target, requestProducer, responseConsumer, pushHandlerFactory, defaults.apply(context), callback);
    }

    /** It runs already. */
    @Override
    public void start() {}

    @Override
    public IOReactorStatus getStatus() {
        return shared.getStatus();
    }

    @Override
    public void awaitShutdown(TimeValue waitTime) throws InterruptedException {
        shared.awaitShutdown(waitTime);
    }

    @Override
    public void initiateShutdown() {}

    @Deprecated
    @Override
    public void register(@Nullable String hostname, String uriPattern, Supplier<AsyncPushConsumer> supplier) {
        shared.register(hostname, uriPattern, supplier);
    }

    @Override
    public void close(CloseMode closeMode) {}

    @Override
    public void close() {}
}
