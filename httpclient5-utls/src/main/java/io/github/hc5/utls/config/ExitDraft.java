package io.github.hc5.utls.config;

import io.github.hc5.utls.address.RotationPolicy;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/** The settings of {@code [source_addresses]} and {@code [proxies]} while they are taken over. */
final class ExitDraft {
    List<InetAddress> addresses = List.of();

    @Nullable
    String networkInterface;

    @Nullable
    String prefix;

    int count = 8;
    RotationPolicy sourceRotation = RotationPolicy.ROUND_ROBIN;
    List<HttpHost> proxies = List.of();
    private final Map<String, Integer> weights = new LinkedHashMap<>();
    RotationPolicy proxyRotation = RotationPolicy.ROUND_ROBIN;

    @Nullable
    String username;

    @Nullable
    String password;

    void weight(String url, int weight) {
        HttpHost proxy = Texts.proxyOf(url);
        if (proxy == null) {
            throw new IllegalArgumentException("\"" + url + "\" is not a proxy, must be as http://host:port");
        }
        weights.put(proxy.toURI(), weight);
    }

    ExitSettings build() {
        return new ExitSettings(
                addresses,
                networkInterface,
                prefix,
                count,
                sourceRotation,
                proxies,
                weights,
                proxyRotation,
                username,
                password);
    }
}
