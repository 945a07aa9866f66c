package io.github.hc5.utls.resilience;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import org.apache.hc.client5.http.cache.HttpCacheCASOperation;
import org.apache.hc.client5.http.cache.HttpCacheEntry;
import org.apache.hc.client5.http.cache.HttpCacheStorage;
import org.apache.hc.client5.http.cache.Resource;
import org.apache.hc.client5.http.cache.ResourceIOException;
import org.jspecify.annotations.Nullable;

/** Where HttpClient's cache keeps its entries: in the heap, bounded by their size and age. Thread-safe. */
final class StoredResponses implements HttpCacheStorage {

    /** About what an entry takes besides its body: fields, keys, the map. */
    private static final int HEAD_BYTES = 2048;

    private final Cache<String, HttpCacheEntry> entries;

    StoredResponses(CacheSettings settings) {
        this.entries = Caffeine.newBuilder()
                .maximumWeight(settings.maxBytes())
                .weigher((String key, HttpCacheEntry entry) -> bytes(entry))
                .expireAfterWrite(settings.keep())
                .build();
    }

    private static int bytes(HttpCacheEntry entry) {
        Resource body = entry.getResource();
        return HEAD_BYTES + (body == null ? 0 : (int) Math.min(Integer.MAX_VALUE - HEAD_BYTES, body.length()));
    }

    @Override
    public void putEntry(String key, HttpCacheEntry entry) {
        entries.put(key, entry);
    }

    @Override
    public @Nullable HttpCacheEntry getEntry(String key) {
        return entries.getIfPresent(key);
    }

    @Override
    public void removeEntry(String key) {
        entries.invalidate(key);
    }

    @Override
    public void updateEntry(String key, HttpCacheCASOperation change) throws ResourceIOException {
        try {
            entries.asMap().compute(key, (ignored, before) -> {
                try {
                    return change.execute(before);
                } catch (ResourceIOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw (ResourceIOException) e.getCause();
        }
    }

    @Override
    public Map<String, HttpCacheEntry> getEntries(Collection<String> keys) {
        return entries.getAllPresent(keys);
    }
}
