package io.github.hc5.utls.metrics;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * Exports the figures of a {@link HotConnectionManager} through Micrometer: {@code new
 * UtlsMetrics(manager).bindTo(registry)}. The meters are listed in the project's {@code docs/metrics.md}: those that
 * Micrometer has for every connection pool of HttpClient, {@code httpcomponents.httpclient.pool.*}, and {@code
 * utls.pool.*}. Each has the tag {@code httpclient}, by which several pools in one registry are told apart.
 *
 * <p>All but one are read from a {@link HotConnectionManager#snapshot() snapshot} when the registry asks, so that they cost
 * exchanges nothing; the timer {@code utls.pool.response} takes in each exchange. The number of values of every tag is
 * bounded by the {@link MetricsSettings}. Meters of a host appear with its first exchange. Thread-safe.
 */
public final class UtlsMetrics implements MeterBinder, AutoCloseable {

    private final HotConnectionManager manager;
    private final MetricsSettings settings;
    private final TagValues hosts;
    private final PoolViews views;
    private final List<Binding> bindings = new CopyOnWriteArrayList<>();

    /** The figures of this pool with the default settings. */
    public UtlsMetrics(HotConnectionManager manager) {
        this(manager, MetricsSettings.defaults());
    }

    /** The figures of this pool. */
    public UtlsMetrics(HotConnectionManager manager, MetricsSettings settings) {
        this(manager, settings, System::nanoTime);
    }

    UtlsMetrics(HotConnectionManager manager, MetricsSettings settings, LongSupplier clock) {
        this.manager = manager;
        this.settings = settings;
        this.hosts = new TagValues(settings.maxHosts(), settings.hosts());
        this.views = new PoolViews(manager::snapshot, settings, hosts, clock);
    }

    /** Registers the meters; may be called for several registries. */
    @Override
    public void bindTo(MeterRegistry registry) {
        Binding binding = new Binding(registry, manager, settings, hosts, views);
        bindings.add(binding);
        binding.start();
    }

    /** Removes the meters from every registry they were bound to. The pool stays open. */
    @Override
    public void close() {
        for (Binding binding : bindings) {
            binding.close();
        }
        bindings.clear();
    }
}
