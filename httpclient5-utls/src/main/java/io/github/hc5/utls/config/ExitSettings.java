package io.github.hc5.utls.config;

import io.github.hc5.utls.address.BanSettings;
import io.github.hc5.utls.address.RotationPolicy;
import io.github.hc5.utls.address.SourceAddresses;
import io.github.hc5.utls.health.HealthSettings;
import io.github.hc5.utls.pool.Exits;
import io.github.hc5.utls.pool.Exits.Exit;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * The ways by which requests leave: source addresses, proxies, or each of these from each of those. Immutable.
 *
 * @param addresses local ones, listed
 * @param networkInterface whose addresses are used besides; {@code null}: none
 * @param prefix of IPv6 from which addresses are drawn besides; {@code null}: none
 * @param count how many are drawn; 1 or more
 * @param sourceRotation how requests are spread where there are no proxies
 * @param proxies through which requests go
 * @param weights of proxies by their URL; 1 for those not named
 * @param proxyRotation how requests are spread where there are proxies
 * @param username for proxies that ask for one; {@code null}: none
 * @param password that goes with it
 */
public record ExitSettings(
        List<InetAddress> addresses,
        @Nullable String networkInterface,
        @Nullable String prefix,
        int count,
        RotationPolicy sourceRotation,
        List<HttpHost> proxies,
        Map<String, Integer> weights,
        RotationPolicy proxyRotation,
        @Nullable String username,
        @Nullable String password) {

    /** Copies the lists. */
    public ExitSettings {
        addresses = List.copyOf(addresses);
        proxies = List.copyOf(proxies);
        weights = Map.copyOf(weights);
    }

    /** Whether requests leave as they would anyway. */
    public boolean isEmpty() {
        return addresses.isEmpty() && networkInterface == null && prefix == null && proxies.isEmpty();
    }

    /**
     * Returns the exits, {@code null} where none are set.
     *
     * @throws IllegalArgumentException if the interface or the prefix has no such addresses
     */
    public @Nullable Exits exits(BanSettings bans, HealthSettings health) {
        if (isEmpty()) {
            return null;
        }
        List<Exit> exits = new ArrayList<>();
        Set<InetAddress> sources = sources();
        if (proxies.isEmpty()) {
            sources.forEach(source -> exits.add(new Exit(source, null, 1)));
            return Exits.of(exits, sourceRotation, bans, health);
        }
        for (HttpHost proxy : proxies) {
            int weight = weights.getOrDefault(proxy.toURI(), 1);
            if (sources.isEmpty()) {
                exits.add(new Exit(null, proxy, weight));
            }
            sources.forEach(source -> exits.add(new Exit(source, proxy, weight)));
        }
        return Exits.of(exits, proxyRotation, bans, health);
    }

    private Set<InetAddress> sources() {
        Set<InetAddress> sources = new LinkedHashSet<>(addresses);
        if (networkInterface != null) {
            sources.addAll(SourceAddresses.ofInterface(networkInterface).addresses());
        }
        if (prefix != null) {
            sources.addAll(
                    SourceAddresses.ofPrefix(prefix, count, new SecureRandom()).addresses());
        }
        return sources;
    }

    /** Shows everything but the password. */
    @Override
    public String toString() {
        return "ExitSettings[addresses=" + addresses + ", networkInterface=" + networkInterface + ", prefix=" + prefix
                + ", count=" + count + ", proxies=" + proxies + ", username=" + username + ", password="
                + (password == null ? "none" : "***") + "]";
    }
}
