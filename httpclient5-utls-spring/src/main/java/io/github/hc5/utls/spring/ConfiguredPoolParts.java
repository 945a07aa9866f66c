package io.github.hc5.utls.spring;

import io.github.hc5.utls.UtlsParts;
import io.github.hc5.utls.config.UtlsConfig;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.InetAddressFilter;

/** Makes managers as the properties say. */
record ConfiguredPoolParts(UtlsConfig config) implements PoolParts {

    @Override
    public Made make(Transport transport) {
        UtlsParts parts = UtlsParts.of(
                config,
                tls -> {
                    if (transport.sslBundle() != null) {
                        BundleTls.apply(transport.sslBundle(), tls);
                    }
                    return tls;
                },
                builder -> filtered(builder, transport.filter()));
        return new Made(parts.manager(), SharedClients.on(parts), parts::prewarm);
    }

    /** Keeps to a filter, for what DNS says and for the addresses of the configuration. */
    private HotConnectionManagerBuilder filtered(
            HotConnectionManagerBuilder builder, @Nullable InetAddressFilter filter) {
        if (filter == null) {
            return builder;
        }
        Map<String, List<InetAddress>> fixed = new LinkedHashMap<>();
        config.addresses()
                .fixedAddresses()
                .forEach((host, addresses) -> fixed.put(
                        host, addresses.stream().filter(filter::matches).toList()));
        fixed.values().removeIf(List::isEmpty);
        return builder.setDnsResolver(new FilteredDnsResolver(SystemDefaultDnsResolver.INSTANCE, filter))
                .setAddressSettings(
                        config.addresses().toBuilder().fixedAddresses(fixed).build());
    }
}
