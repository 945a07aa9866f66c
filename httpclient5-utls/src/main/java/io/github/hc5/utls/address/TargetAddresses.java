package io.github.hc5.utls.address;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of hosts: what a {@link DnsResolver} says, in its order, and after that those fixed by configuration.
 * They are remembered for {@code dnsInterval}; when resolving them again fails, the ones known before are kept. A resolver
 * may block, so it runs on the given executor; concurrent questions about one host ask it once. Bounded in size.
 * Thread-safe.
 */
public final class TargetAddresses {

    private static final int MOST_HOSTS = 10_000;
    private static final Duration SHORTEST_MEMORY = Duration.ofMinutes(10);

    /** A host and the port that goes with it. */
    private record Host(String name, int port) {}

    private record Known(List<InetSocketAddress> addresses, long atNanos) {}

    private final DnsResolver resolver;
    private final Executor executor;
    private final LongSupplier clock;
    private final Map<String, List<InetAddress>> fixed;
    private final long intervalNanos;
    private final Cache<Host, Known> known;
    private final Map<Host, CompletableFuture<List<InetSocketAddress>>> asking = new ConcurrentHashMap<>();
    private final AtomicLong failures = new AtomicLong();

    /** @param clock as {@link System#nanoTime()} */
    public TargetAddresses(DnsResolver resolver, AddressSettings settings, Executor executor, LongSupplier clock) {
        this.resolver = resolver;
        this.executor = executor;
        this.clock = clock;
        this.fixed = settings.fixedAddresses();
        this.intervalNanos = settings.dnsInterval().toNanos();
        Duration twice = settings.dnsInterval().multipliedBy(2);
        this.known = Caffeine.newBuilder()
                .maximumSize(MOST_HOSTS)
                .expireAfterAccess(twice.compareTo(SHORTEST_MEMORY) > 0 ? twice : SHORTEST_MEMORY)
                .ticker(clock::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Finds the addresses, without waiting if they are known. The future fails with {@link UnknownHostException}, or
     * with {@link RejectedExecutionException} after the executor was shut down.
     */
    public CompletableFuture<List<InetSocketAddress>> find(String host, int port) {
        Host key = key(host, port);
        Known entry = known.getIfPresent(key);
        if (entry != null && (intervalNanos == 0 || clock.getAsLong() - entry.atNanos() < intervalNanos)) {
            return CompletableFuture.completedFuture(entry.addresses());
        }
        return ask(key);
    }

    /** Resolves the host anew; the result is what is known then. */
    public CompletableFuture<List<InetSocketAddress>> refresh(String host, int port) {
        return ask(key(host, port));
    }

    private static Host key(String host, int port) {
        return new Host(host.toLowerCase(Locale.ROOT), port);
    }

    private CompletableFuture<List<InetSocketAddress>> ask(Host host) {
        CompletableFuture<List<InetSocketAddress>> mine = new CompletableFuture<>();
        CompletableFuture<List<InetSocketAddress>> running = asking.putIfAbsent(host, mine);
        if (running != null) {
            return running;
        }
        try {
            if (isLiteral(host.name())) {
                resolve(host, mine);
            } else {
                executor.execute(() -> resolve(host, mine));
            }
        } catch (RejectedExecutionException closed) {
            asking.remove(host, mine);
            mine.completeExceptionally(closed);
        }
        return mine;
    }

    private static boolean isLiteral(String name) {
        return name.indexOf(':') >= 0 || name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    private void resolve(Host host, CompletableFuture<List<InetSocketAddress>> result) {
        List<InetSocketAddress> addresses = List.of();
        Throwable failure = null;
        try {
            addresses = merge(resolver.resolve(host.name(), host.port()), host);
        } catch (UnknownHostException | RuntimeException | Error e) {
            // an error too: whoever asks for the host would wait for this answer for good
            failures.incrementAndGet();
            failure = e;
        }
        if (addresses.isEmpty()) {
            Known before = known.getIfPresent(host);
            addresses = before != null ? before.addresses() : merge(null, host);
        }
        if (!addresses.isEmpty()) {
            known.put(host, new Known(addresses, clock.getAsLong()));
        }
        asking.remove(host, result);
        if (addresses.isEmpty()) {
            result.completeExceptionally(failure != null ? failure : new UnknownHostException(host.name()));
        } else {
            result.complete(addresses);
        }
    }

    private List<InetSocketAddress> merge(@Nullable List<InetSocketAddress> resolved, Host host) {
        Set<InetSocketAddress> all = new LinkedHashSet<>();
        if (resolved != null) {
            all.addAll(resolved);
        }
        for (InetAddress address : fixed.getOrDefault(host.name(), List.of())) {
            all.add(new InetSocketAddress(address, host.port()));
        }
        return List.copyOf(new ArrayList<>(all));
    }

    /** How often the resolver has failed. */
    public long failures() {
        return failures.get();
    }

    /** How many hosts are remembered. */
    public long size() {
        known.cleanUp();
        return known.estimatedSize();
    }
}
