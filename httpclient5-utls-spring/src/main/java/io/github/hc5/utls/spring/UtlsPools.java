package io.github.hc5.utls.spring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pools of the application by name. It is closed with the application context, and they with it. Thread-safe. */
public final class UtlsPools implements AutoCloseable {

    /** The name of the pool that the properties directly below {@code httpclient5.utls} describe. */
    public static final String DEFAULT = "default";

    private final Map<String, UtlsPool> pools;

    UtlsPools(List<UtlsPool> pools) {
        Map<String, UtlsPool> byName = new LinkedHashMap<>();
        pools.forEach(pool -> byName.put(pool.name(), pool));
        this.pools = byName;
    }

    /** Returns the pool that the properties directly below {@code httpclient5.utls} describe. */
    public UtlsPool defaultPool() {
        return get(DEFAULT);
    }

    /**
     * Returns a pool.
     *
     * @throws IllegalArgumentException if there is none of the name
     */
    public UtlsPool get(String name) {
        UtlsPool pool = pools.get(name);
        if (pool == null) {
            throw new IllegalArgumentException("pool is '" + name + "', must be one of " + names());
        }
        return pool;
    }

    public Set<String> names() {
        return Collections.unmodifiableSet(pools.keySet());
    }

    /** Returns all pools, the default first. */
    public List<UtlsPool> all() {
        return List.copyOf(pools.values());
    }

    @Override
    public void close() {
        List<Thread> closers = new ArrayList<>();
        for (UtlsPool pool : pools.values()) {
            Thread closer = new Thread(pool::close, "utls-close-" + pool.name());
            closer.start();
            closers.add(closer);
        }
        for (Thread closer : closers) {
            try {
                closer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
