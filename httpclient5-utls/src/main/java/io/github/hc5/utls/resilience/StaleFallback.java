package io.github.hc5.utls.resilience;

import java.io.IOException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.client5.http.cache.CacheResponseStatus;
import org.apache.hc.client5.http.cache.HttpCacheContext;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.cache.CacheConfig;
import org.apache.hc.client5.http.impl.cache.CachingHttpAsyncClientBuilder;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.config.NamedElementChain;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/**
 * The last resort before an error: a stored response that is no longer fresh (RFC 5861, stale-if-error), from HttpClient's
 * own cache ({@code httpclient5-cache}, which its user adds) with a store in the heap. What is stored is what that cache
 * stores: no response with {@code no-store}, nor with {@code max-age=0} alone. Where a response forbids it, as by
 * {@code must-revalidate}, it is not served stale.
 *
 * <p>HttpClient puts its cache behind the handler of retries, so that the first failure would be answered from the cache;
 * here it stands before it, so that only the last is. A stale response is marked: by {@link DegradeLevel#STALE} in the
 * context, and by the field {@code Cache-Status: utls; fwd=stale; detail=stale-if-error} (RFC 9211); its {@code Age} says
 * how old it is, once that is a second. Where the cache would make up a 504 of its own, the failure itself is told. It is a private cache, so a
 * fresh response is served without a request, and one with a validator is asked for with its condition.
 *
 * <p>The fields by which a response varies are compared as the application set them, not as a profile completes them.
 */
public final class StaleFallback {

    private static final String HANDLER = "utls-stale";
    private static final String MARK = "utls; fwd=stale; detail=stale-if-error";

    private StaleFallback() {}

    /**
     * Returns a builder of clients with such a cache, to be handed to {@link Resilience#install}. Each client has a store of
     * its own.
     */
    public static HttpAsyncClientBuilder clientBuilder(CacheSettings settings) {
        return new Builder()
                .setHttpCacheStorage(new StoredResponses(settings))
                .setCacheConfig(CacheConfig.custom()
                        .setMaxObjectSize(settings.maxBodyBytes())
                        .setSharedCache(false)
                        .setStaleIfErrorEnabled(true)
                        .setAsynchronousWorkers(0)
                        .build());
    }

    private static final class Builder extends CachingHttpAsyncClientBuilder {

        Builder() {
            // the cache names itself to servers, which no browser's does
            addRequestInterceptorLast((request, entity, context) -> request.removeHeaders("Via"));
        }

        @Override
        protected void customizeExecChain(NamedElementChain<AsyncExecChainHandler> chain) {
            super.customizeExecChain(chain);
            String name = ChainElement.CACHING.name();
            NamedElementChain<AsyncExecChainHandler>.Node cache = chain.find(name);
            if (cache == null) {
                throw new IllegalStateException("HttpClient's cache is not in the chain");
            }
            AsyncExecChainHandler handler = cache.getValue();
            String retries = ChainElement.RETRY.name();
            if (chain.find(retries) != null) {
                chain.remove(name);
                chain.addBefore(retries, handler, name);
            }
            chain.addBefore(name, StaleFallback::execute, HANDLER);
        }
    }

    private static void execute(
            HttpRequest request,
            @Nullable AsyncEntityProducer producer,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback)
            throws HttpException, IOException {
        Operation operation = scope.cancellableDependency instanceof Operation own ? own : null;
        if (operation != null) {
            operation.hasFallback = true;
        }
        chain.proceed(request, producer, scope, new AsyncExecCallback() {

            @Override
            public @Nullable AsyncDataConsumer handleResponse(HttpResponse response, @Nullable EntityDetails details)
                    throws HttpException, IOException {
                HttpCacheContext context = HttpCacheContext.cast(scope.clientContext);
                if (context.getCacheResponseStatus() == CacheResponseStatus.CACHE_MODULE_RESPONSE) {
                    answered(response, context.getCacheEntry() != null);
                }
                return callback.handleResponse(response, details);
            }

            private void answered(HttpResponse response, boolean stored) throws IOException {
                Exception failure = operation == null ? null : operation.failure;
                if (stored) {
                    response.addHeader("Cache-Status", MARK);
                    if (operation != null) {
                        operation.degraded(DegradeLevel.STALE);
                    }
                } else if (response.getCode() == HttpStatus.SC_GATEWAY_TIMEOUT && failure != null) {
                    throw failure instanceof IOException io ? io : new IOException(failure.getMessage(), failure);
                }
            }

            @Override
            public void handleInformationResponse(HttpResponse response) throws HttpException, IOException {
                callback.handleInformationResponse(response);
            }

            @Override
            public void completed() {
                callback.completed();
            }

            @Override
            public void failed(Exception cause) {
                callback.failed(cause);
            }
        });
    }
}
