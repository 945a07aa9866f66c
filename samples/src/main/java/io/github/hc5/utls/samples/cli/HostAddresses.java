package io.github.hc5.utls.samples.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/** A DNS resolver in which some names lead where {@code --resolve} says. Immutable. */
final class HostAddresses implements DnsResolver {

    /** An address in digits, so that {@link InetAddress#getByName} will not ask the DNS about it. */
    private static final Pattern LITERAL = Pattern.compile("[0-9]+(\\.[0-9]+){3}|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*]?");

    private final Map<String, List<InetAddress>> pinned;

    private HostAddresses(Map<String, List<InetAddress>> pinned) {
        this.pinned = Map.copyOf(pinned);
    }

    /**
     * Reads {@code HOST=IP[,IP...]} as often as given; a host that is given again gets all addresses, in order.
     *
     * @throws CliException if one of them has another form
     */
    static HostAddresses of(List<String> resolutions) {
        Map<String, List<InetAddress>> pinned = new LinkedHashMap<>();
        for (String resolution : resolutions) {
            int equals = resolution.indexOf('=');
            if (equals < 1 || equals == resolution.length() - 1) {
                throw CliException.usage("--resolve: \"" + resolution + "\" is not of the form HOST=IP[,IP...]");
            }
            List<InetAddress> addresses =
                    pinned.computeIfAbsent(key(resolution.substring(0, equals)), host -> new ArrayList<>());
            for (String address : resolution.substring(equals + 1).split(",", -1)) {
                addresses.add(literal(address.strip(), resolution));
            }
        }
        return new HostAddresses(pinned);
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        List<InetAddress> addresses = pinned.get(key(host));
        return addresses == null
                ? SystemDefaultDnsResolver.INSTANCE.resolve(host)
                : addresses.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return pinned.containsKey(key(host)) ? host : SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
    }

    private static InetAddress literal(String address, String resolution) {
        if (LITERAL.matcher(address).matches()) {
            try {
                return InetAddress.getByName(address);
            } catch (UnknownHostException malformed) {
                throw notAnAddress(address, resolution, malformed);
            }
        }
        throw notAnAddress(address, resolution, new UnknownHostException(address));
    }

    private static CliException notAnAddress(String address, String resolution, UnknownHostException cause) {
        return CliException.usage(
                "--resolve: \"" + address + "\" in \"" + resolution + "\" is not an IPv4 or IPv6 address", cause);
    }

    private static String key(String host) {
        return host.strip().toLowerCase(Locale.ROOT);
    }
}
