package io.github.hc5.utls.spring;

import io.github.hc5.utls.UtlsParts;
import io.github.hc5.utls.config.ConfigLoader;
import io.github.hc5.utls.config.UtlsConfig;
import io.github.hc5.utls.metrics.AlertAction;
import io.github.hc5.utls.metrics.MetricsSettings;
import io.github.hc5.utls.pool.HotConnectionManagerBuilder;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.http.client.InetAddressFilter;

/**
 * Makes managers as the properties say, which follow changes of the TOML file among the layers, if there is one.
 *
 * @param config what the loader has loaded
 * @param actions what rules of alerts may do besides what every pool can
 */
record ConfiguredPoolParts(UtlsConfig config, ConfigLoader loader, Map<String, AlertAction> actions)
        implements PoolParts {

    @Override
    public Made make(Transport transport) {
        UtlsParts.Builder builder = UtlsParts.builder()
                .tls(tls -> {
                    if (transport.sslBundle() != null) {
                        BundleTls.apply(transport.sslBundle(), tls);
                    }
                    return tls;
                })
                .manager(manager -> filtered(manager, transport.filter()))
                // PoolMeters does, for each registry of the application
                .bindMeters(false);
        actions.forEach(builder::alertAction);
        UtlsParts parts = builder.follow(config, loader);
        return new Made(parts.manager(), SharedClients.on(parts::install), parts::prewarm, parts::install);
    }

    @Override
    public MetricsSettings meters() {
        return config.meters();
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
