package io.github.hc5.utls.pool;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Plans the route of each request over one of several {@link Exits}. Hand it to the client builder's
 * {@code setRoutePlanner}, and the same exits to {@link HotConnectionManagerBuilder#setExits}. A proxy that a request's
 * own config names is used as it is. The redirects of a request leave by the exit that the request left by; under the
 * sticky policy so do all requests whose context has an equal {@link io.github.hc5.utls.address.StickyKey} or
 * {@link ClientKey} as its user token. Thread-safe.
 */
public final class RotatingRoutePlanner implements HttpRoutePlanner {

    static final String EXIT = RotatingRoutePlanner.class.getName() + ".exit";

    private final Exits exits;
    private final DefaultRoutePlanner direct;

    public RotatingRoutePlanner(Exits exits) {
        this(exits, null);
    }

    /** @param schemePorts the default ports of schemes; {@code null}: HttpClient's own */
    public RotatingRoutePlanner(Exits exits, @Nullable SchemePortResolver schemePorts) {
        this.exits = exits;
        this.direct = new DefaultRoutePlanner(schemePorts);
    }

    @Override
    public HttpRoute determineRoute(HttpHost host, HttpContext context) throws HttpException {
        return over(direct.determineRoute(host, context), context);
    }

    @Override
    public HttpRoute determineRoute(HttpHost host, @Nullable HttpRequest request, HttpContext context)
            throws HttpException {
        return over(direct.determineRoute(host, request, context), context);
    }

    private HttpRoute over(HttpRoute plain, HttpContext context) {
        if (plain.getProxyHost() != null || plain.getUnixDomainSocket() != null) {
            return plain;
        }
        HttpClientContext client = HttpClientContext.cast(context);
        boolean redirected = client.getRedirectLocations() != null
                && client.getRedirectLocations().size() > 0;
        Exits.Exit exit = redirected && client.getAttribute(EXIT) instanceof Exits.Exit before
                ? before
                : exits.next(plain.getTargetHost().getHostName(), StickyKeys.of(client.getUserToken()));
        client.setAttribute(EXIT, exit);
        return exit.route(plain);
    }
}
