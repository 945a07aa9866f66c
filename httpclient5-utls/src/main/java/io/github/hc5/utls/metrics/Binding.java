package io.github.hc5.utls.metrics;

import io.github.hc5.utls.pool.HostSnapshot;
import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.pool.PoolFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The meters of one pool in one registry. Those of a host, a profile or an address are added when there is one. */
final class Binding {

    private static final HostSnapshot NO_HOST = new HostSnapshot("", 0, 0, 0, 0, 0, 0, 0, PoolFigures.NONE);

    private static final List<PoolMeter<PoolView>> OF_POOL = MeterTable.ofPool();
    private static final List<PoolMeter<HostSnapshot>> OF_HOST = MeterTable.ofHost();
    private static final List<PoolMeter<PoolFigures>> OF_PROFILE = MeterTable.ofProfile();
    private static final List<PoolMeter<AddressFigures>> OF_ADDRESS = MeterTable.ofAddress();

    private final MeterRegistry registry;
    private final HotConnectionManager manager;
    private final PoolViews views;
    private final Tags pool;
    private final ResponseTimers timers;
    private final Set<Object> known = ConcurrentHashMap.newKeySet();
    private final Queue<Meter> meters = new ConcurrentLinkedQueue<>();

    Binding(
            MeterRegistry registry,
            HotConnectionManager manager,
            MetricsSettings settings,
            TagValues hosts,
            PoolViews views) {
        this.registry = registry;
        this.manager = manager;
        this.views = views;
        this.pool = Tags.of(MeterTable.POOL_TAG, settings.name());
        this.timers = new ResponseTimers(registry, settings.name(), hosts, settings.responseTimer(), this::addHost);
    }

    void start() {
        OF_POOL.forEach(meter -> add(meter, pool, Function.identity()));
        manager.addListener(timers);
        view();
    }

    void close() {
        manager.removeListener(timers);
        timers.close();
        for (Meter meter = meters.poll(); meter != null; meter = meters.poll()) {
            registry.remove(meter);
        }
    }

    /** A picture for one meter; whatever is new in it gets its meters. */
    private PoolView view() {
        PoolView view = views.view();
        view.hosts().keySet().forEach(this::addHost);
        view.profiles().keySet().forEach(this::addProfile);
        view.addresses().keySet().forEach(this::addAddress);
        return view;
    }

    private void addHost(String host) {
        if (known.add(host)) {
            Tags tags = pool.and(MeterTable.HOST_TAG, host);
            OF_HOST.forEach(m -> add(m, tags, view -> find(view.hosts(), host, NO_HOST)));
        }
    }

    private record ProfileKey(String name) {}

    private void addProfile(String profile) {
        if (known.add(new ProfileKey(profile))) {
            Tags tags = pool.and(MeterTable.PROFILE_TAG, profile);
            OF_PROFILE.forEach(m -> add(m, tags, view -> find(view.profiles(), profile, PoolFigures.NONE)));
        }
    }

    private void addAddress(PoolView.AddressKey key) {
        if (known.add(key)) {
            Tags tags = pool.and(MeterTable.HOST_TAG, key.host()).and(MeterTable.ADDRESS_TAG, key.address());
            OF_ADDRESS.forEach(m -> add(m, tags, view -> find(view.addresses(), key, AddressFigures.NONE)));
        }
    }

    private static <K, V> V find(Map<K, V> map, K key, V otherwise) {
        V value = map.get(key);
        return value != null ? value : otherwise;
    }

    private <T> void add(PoolMeter<T> meter, Tags of, Function<PoolView, T> picture) {
        Tags tags = of.and(meter.tags());
        Meter registered = switch (meter.kind()) {
            case GAUGE ->
                Gauge.builder(meter.name(), this, b -> meter.value().applyAsDouble(picture.apply(b.view())))
                        .description(meter.description())
                        .baseUnit(meter.unit())
                        .tags(tags)
                        .strongReference(true)
                        .register(registry);
            case COUNTER ->
                FunctionCounter.builder(meter.name(), this, b -> meter.value().applyAsDouble(picture.apply(b.view())))
                        .description(meter.description())
                        .baseUnit(meter.unit())
                        .tags(tags)
                        .register(registry);
            case TIMER -> {
                ToLongFunction<T> count = Objects.requireNonNull(meter.count());
                yield FunctionTimer.builder(
                                meter.name(),
                                this,
                                b -> count.applyAsLong(picture.apply(b.view())),
                                b -> meter.value().applyAsDouble(picture.apply(b.view())),
                                TimeUnit.SECONDS)
                        .description(meter.description())
                        .tags(tags)
                        .register(registry);
            }
        };
        meters.add(registered);
    }
}
