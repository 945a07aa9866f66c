package io.github.hc5.utls.samples.crawler;

import io.github.hc5.utls.address.AddressFilter;
import java.io.IOException;
import java.util.List;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the service from being used against what it alone can reach (server-side request forgery). Two guards, as a name
 * says nothing about where it leads: the name and the port of each hop, redirects included, must be on the list, and the
 * addresses that DNS gave are filtered where they are dialled, so that there is no time between check and use. Immutable.
 */
final class TargetGuard implements AsyncExecChainHandler {

    private final List<TargetPattern> allowed;
    private final AddressFilter addresses;

    TargetGuard(CrawlerSettings.Targets settings) {
        allowed = settings.patterns();
        addresses = settings.filter();
    }

    /** Returns the filter of what may be dialled. */
    AddressFilter addresses() {
        return addresses;
    }

    /**
     * Checks a target's name and port.
     *
     * @throws TargetRefusedException if it is not on the list
     */
    void check(String scheme, String host, int port) throws TargetRefusedException {
        int number = port > 0 ? port : scheme.equalsIgnoreCase("http") ? 80 : 443;
        String name = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        if (allowed.stream().noneMatch(pattern -> pattern.matches(name, number))) {
            throw new TargetRefusedException(name + ":" + number, allowed.isEmpty());
        }
    }

    @Override
    public void execute(
            HttpRequest request,
            @Nullable AsyncEntityProducer producer,
            AsyncExecChain.Scope scope,
            AsyncExecChain chain,
            AsyncExecCallback callback)
            throws HttpException, IOException {
        HttpHost target = scope.route.getTargetHost();
        check(target.getSchemeName(), target.getHostName(), target.getPort());
        chain.proceed(request, producer, scope, callback);
    }
}
