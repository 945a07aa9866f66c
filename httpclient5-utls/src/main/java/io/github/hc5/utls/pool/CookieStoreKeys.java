package io.github.hc5.utls.pool;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.client5.http.cookie.CookieStore;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/**
 * Gives each cookie store a {@link ClientKey} of its own, and each request without a user token the key of the store that
 * it uses: {@code addExecInterceptorFirst("client-keys", new CookieStoreKeys())} of the client's builder. The key lasts as
 * long as its store.
 *
 * <p>Routes are planned before: requests that are to keep to one exit need their user token in the
 * context from the start. Thread-safe.
 */
public final class CookieStoreKeys implements AsyncExecChainHandler {

    private final Map<CookieStore, ClientKey> keys = Collections.synchronizedMap(new WeakHashMap<>());

    /** Returns the key of a store. */
    public ClientKey of(CookieStore store) {
        return keys.computeIfAbsent(store, any -> ClientKey.fresh());
    }

    @Override
    public void execute(
            HttpRequest request,
            @Nullable AsyncEntityProducer entityProducer,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback asyncExecCallback)
            throws HttpException, IOException {
        CookieStore store = scope.clientContext.getCookieStore();
        if (scope.clientContext.getUserToken() == null && store != null) {
            scope.clientContext.setUserToken(of(store));
        }
        chain.proceed(request, entityProducer, scope, asyncExecCallback);
    }
}
