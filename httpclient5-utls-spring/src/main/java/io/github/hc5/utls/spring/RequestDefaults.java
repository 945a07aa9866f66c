package io.github.hc5.utls.spring;

import java.time.Duration;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.cookie.CookieStore;
import org.apache.hc.client5.http.cookie.StandardCookieSpec;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpCookieHandling;
import org.springframework.boot.http.client.HttpRedirects;

/**
 * What a client's settings mean for each of its requests. Clients with different settings share one connection pool: what
 * they differ in goes into the context of their requests. Each has cookies of its own. Thread-safe.
 */
final class RequestDefaults {

    private final RequestConfig config;
    private final CookieStore cookies = new BasicCookieStore();

    private final boolean spring;

    /** @param spring whether the requests come from one of Spring's clients */
    RequestDefaults(HttpClientSettings settings, boolean spring) {
        this.config = config(settings);
        this.spring = spring;
    }

    private static RequestConfig config(HttpClientSettings settings) {
        RequestConfig.Builder builder = RequestConfig.custom();
        if (settings.redirects() == HttpRedirects.DONT_FOLLOW) {
            builder.setRedirectsEnabled(false);
        }
        HttpCookieHandling handling = settings.cookieHandling();
        if (handling != null) {
            builder.setCookieSpec(
                    handling == HttpCookieHandling.DISABLE ? StandardCookieSpec.IGNORE : StandardCookieSpec.STRICT);
        }
        timeouts(builder, timeout(settings.connectTimeout()), timeout(settings.readTimeout()));
        return builder.build();
    }

    private static @Nullable Timeout timeout(@Nullable Duration duration) {
        return duration == null ? null : Timeout.of(duration);
    }

    @SuppressWarnings("deprecation") // a connect timeout of the manager would hold for all clients that share it
    private static void timeouts(RequestConfig.Builder builder, @Nullable Timeout connect, @Nullable Timeout response) {
        builder.setConnectTimeout(connect);
        builder.setResponseTimeout(response);
    }

    RequestConfig config() {
        return config;
    }

    /** Returns the context with what it does not say itself filled in. */
    HttpClientContext apply(@Nullable HttpContext given) {
        HttpClientContext context = HttpClientContext.castOrCreate(given);
        if (context.getCookieStore() == null) {
            context.setCookieStore(cookies);
        }
        if (spring) {
            AcceptOfProfile.mark(context);
        }
        RequestConfig own = context.getRequestConfig();
        if (own != config) {
            context.setRequestConfig(own == null || own == RequestConfig.DEFAULT ? config : merged(own));
        }
        return context;
    }

    /** A configuration that is the request's own keeps the client's timeouts where it has none. */
    @SuppressWarnings("deprecation")
    private RequestConfig merged(RequestConfig own) {
        Timeout connect = own.getConnectTimeout() != null ? own.getConnectTimeout() : config.getConnectTimeout();
        Timeout response = own.getResponseTimeout() != null ? own.getResponseTimeout() : config.getResponseTimeout();
        RequestConfig.Builder builder = RequestConfig.copy(own);
        timeouts(builder, connect, response);
        return builder.build();
    }
}
