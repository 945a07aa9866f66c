package io.github.hc5.utls.metrics;

import io.github.hc5.utls.health.AddressHealth;
import io.github.hc5.utls.metrics.PoolView.AddressKey;
import io.github.hc5.utls.pool.AddressSnapshot;
import io.github.hc5.utls.pool.HostSnapshot;
import io.github.hc5.utls.pool.PoolFigures;
import io.github.hc5.utls.pool.PoolSnapshot;
import io.github.hc5.utls.pool.RouteSnapshot;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes pictures of a pool when somebody wants to see one and the last is too old, so that the hundreds of meters that one
 * scrape reads cost one picture. What has no tag of its own is summed up as {@link TagValues#OTHER}. Thread-safe.
 */
final class PoolViews {

    private final Supplier<PoolSnapshot> pool;
    private final MetricsSettings settings;
    private final LongSupplier clock;
    private final TagValues hosts;
    private final TagValues profiles;
    private final TagValues addresses;

    /** Guarded by this. */
    private final RecentFigures recent;

    /** Guarded by this for writing. */
    private volatile @Nullable PoolView last;

    PoolViews(Supplier<PoolSnapshot> pool, MetricsSettings settings, TagValues hosts, LongSupplier clock) {
        this.pool = pool;
        this.settings = settings;
        this.clock = clock;
        this.hosts = hosts;
        this.profiles = new TagValues(settings.maxProfiles(), List.of());
        this.addresses = new TagValues(settings.maxAddresses(), List.of());
        this.recent = new RecentFigures(pool.get().figures(), clock.getAsLong());
    }

    PoolView view() {
        PoolView current = last;
        return current != null && isFresh(current) ? current : take();
    }

    private boolean isFresh(PoolView view) {
        return clock.getAsLong() - view.takenNanos() < settings.refresh().toNanos();
    }

    private synchronized PoolView take() {
        PoolView current = last;
        if (current == null || !isFresh(current)) {
            long now = clock.getAsLong();
            PoolSnapshot snapshot = pool.get();
            Map<String, HostSnapshot> byHost = new HashMap<>();
            snapshot.hosts().forEach((host, figures) -> {
                HostSnapshot before = byHost.get(hosts.of(host));
                byHost.put(hosts.of(host), before == null ? figures : before.plus(figures));
            });
            Map<String, PoolFigures> byProfile = new HashMap<>();
            snapshot.profiles()
                    .forEach((profile, figures) -> byProfile.merge(profiles.of(profile), figures, PoolFigures::plus));
            current = new PoolView(
                    snapshot,
                    now,
                    recent.since(snapshot.figures(), now),
                    byHost,
                    byProfile,
                    settings.maxAddresses() == 0 ? Map.of() : byAddress(snapshot));
            last = current;
        }
        return current;
    }

    private Map<AddressKey, AddressFigures> byAddress(PoolSnapshot snapshot) {
        Map<AddressKey, AddressFigures> result = new HashMap<>();
        for (RouteSnapshot route : snapshot.routes()) {
            for (RouteSnapshot.Part part : route.parts()) {
                if (part.address() != null) {
                    AddressFigures figures = new AddressFigures(part.figures(), 0, false);
                    result.merge(key(route, part.address()), figures, AddressFigures::plus);
                }
            }
            for (AddressSnapshot address : route.addresses()) {
                InetAddress ip = address.address().getAddress();
                if (ip != null) {
                    boolean out = address.state() == AddressHealth.State.OUT
                            || address.state() == AddressHealth.State.PROBED
                            || address.excluded();
                    AddressFigures state = new AddressFigures(PoolFigures.NONE, address.connections(), !out);
                    result.merge(key(route, ip), state, AddressFigures::plus);
                }
            }
        }
        return result;
    }

    private AddressKey key(RouteSnapshot route, InetAddress address) {
        String host = hosts.of(route.host());
        // by host and address, so that the bound is one of series
        String text = address.getHostAddress();
        boolean own = !addresses.of(host + ' ' + text).equals(TagValues.OTHER);
        return own ? new AddressKey(host, text) : new AddressKey(TagValues.OTHER, TagValues.OTHER);
    }
}
