package io.github.hc5.utls.pool;

import io.github.hc5.utls.address.AddressBans;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hc.client5.http.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * What is known of hosts and addresses that the pool has no route for: from before a restart, or of routes it has given up
 * since. A route that is made takes it from here. Bounded: the oldest is forgotten first. Thread-safe; its monitor is a
 * leaf.
 */
final class PoolMemory {

    private static final int MOST = 10_000;

    /** An ejection ends at a moment of the pool's clock, so that it runs out here too. */
    record Address(long latencyNanos, int ejections, boolean out, long outUntilNanos) {}

    record Host(String host, String exit) {
        static Host of(HttpRoute route) {
            return new Host(route.getTargetHost().toURI(), Addressing.exit(route));
        }
    }

    record Protocol(boolean http2, int streams) {}

    /** Guarded by this. */
    private final Map<AddressBans.Place, Address> addresses = new LinkedHashMap<>();

    /** Guarded by this. */
    private final Map<Host, Protocol> hosts = new LinkedHashMap<>();

    synchronized void keep(AddressBans.Place place, Address address) {
        addresses.remove(place);
        addresses.put(place, address);
        trim(addresses);
    }

    synchronized void keep(Host host, Protocol protocol) {
        hosts.remove(host);
        hosts.put(host, protocol);
        trim(hosts);
    }

    private static void trim(Map<?, ?> map) {
        if (map.size() > MOST) {
            Iterator<?> oldest = map.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** What is known of the address, which the caller keeps from now on. */
    synchronized @Nullable Address take(AddressBans.Place place) {
        return addresses.remove(place);
    }

    synchronized @Nullable Protocol take(Host host) {
        return hosts.remove(host);
    }

    synchronized Map<AddressBans.Place, Address> addresses() {
        return new LinkedHashMap<>(addresses);
    }

    synchronized Map<Host, Protocol> hosts() {
        return new LinkedHashMap<>(hosts);
    }
}
