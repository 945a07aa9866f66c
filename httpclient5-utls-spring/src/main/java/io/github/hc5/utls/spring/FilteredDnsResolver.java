package io.github.hc5.utls.spring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.InetAddressFilter;

/** Resolves to the addresses that a filter of Spring Boot matches. Thread-safe as far as its parts are. */
record FilteredDnsResolver(DnsResolver resolver, InetAddressFilter filter) implements DnsResolver {

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found = resolver.resolve(host);
        InetAddress[] left = Arrays.stream(found).filter(filter::matches).toArray(InetAddress[]::new);
        if (left.length == 0 && found.length > 0) {
            throw refused(host);
        }
        return left;
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        List<InetSocketAddress> found = resolver.resolve(host, port);
        List<InetSocketAddress> left = found.stream().filter(filter::matches).toList();
        if (left.isEmpty() && !found.isEmpty()) {
            throw refused(host);
        }
        return left;
    }

    @Override
    public @Nullable String resolveCanonicalHostname(String host) throws UnknownHostException {
        return resolver.resolveCanonicalHostname(host);
    }

    private static UnknownHostException refused(String host) {
        return new UnknownHostException(host + ": the InetAddressFilter lets none of its addresses pass");
    }
}
